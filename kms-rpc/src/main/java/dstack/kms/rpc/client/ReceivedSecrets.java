package dstack.kms.rpc.client;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Moves secrets out of answers. A message cannot hold off-heap memory, so the bytes lie on the heap
 * from the reading of the answer until they are taken; copies that the JSON parser made of a text
 * with escapes are in its own buffers and are overwritten only by the next answer.
 */
public final class ReceivedSecrets {
  private ReceivedSecrets() {}

  /** The bytes of a field as a secret; the message's own are zero afterwards. */
  public static Secret take(ByteString field) {
    Secret secret = Secret.takeOver(field.toByteArray());
    try {
      UnsafeByteOperations.unsafeWriteTo(field, new Wiping());
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written", e);
    }
    return secret;
  }

  /** Is shown the arrays behind a field, which the field will not be read from again. */
  private static final class Wiping extends ByteOutput {
    @Override
    public void write(byte value) {}

    @Override
    public void write(byte[] value, int offset, int length) {
      Arrays.fill(value, offset, offset + length, (byte) 0);
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      Arrays.fill(value, offset, offset + length, (byte) 0);
    }

    @Override
    public void write(ByteBuffer value) {
      writeLazy(value);
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      if (value.hasArray()) {
        Arrays.fill(
            value.array(),
            value.arrayOffset() + value.position(),
            value.arrayOffset() + value.limit(),
            (byte) 0);
      }
    }
  }
}
