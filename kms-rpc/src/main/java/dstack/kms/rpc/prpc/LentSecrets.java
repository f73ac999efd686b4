package dstack.kms.rpc.prpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dstack.kms.core.secret.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Heap copies of secrets for the length of one answer.
 *
 * <p>A message cannot hold off-heap memory, so each secret is copied once into an array that the
 * message shares; closing wipes them all, after the answer was encoded.
 */
public final class LentSecrets implements AutoCloseable {
  private final List<byte[]> copies = new ArrayList<>();

  /** The secret's bytes, zero after this object was closed. */
  public ByteString lend(Secret secret) {
    byte[] copy = secret.expose(byte[]::clone);
    copies.add(copy);
    return UnsafeByteOperations.unsafeWrap(copy);
  }

  @Override
  public void close() {
    copies.forEach(copy -> Arrays.fill(copy, (byte) 0));
  }
}
