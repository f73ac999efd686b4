package dstack.kms.onboard.backup.share;

import com.exceptionfactory.jagged.bech32.Bech32;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;

/** Files of age (age-encryption.org/v1) with one X25519 recipient. */
final class AgeSealing {
  /** Nothing that is sealed here is longer. */
  private static final int LONGEST = 4096;

  private AgeSealing() {}

  static Bytes seal(HolderKey.X25519 holder, Secret content) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (WritableByteChannel channel =
        new StandardEncryptingChannelFactory()
            .newEncryptingChannel(
                Channels.newChannel(file),
                List.of(
                    X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(
                        holder.recipient())))) {
      int written = content.expose(raw -> write(channel, raw));
      if (written != content.length()) {
        throw new IllegalStateException("age took only " + written + " bytes");
      }
    } catch (GeneralSecurityException | IOException e) {
      throw RefusalException.causedBy(
          ShareRefusal.HOLDER_KEY, "nothing can be sealed to " + holder.recipient(), e);
    }
    return Bytes.of(file.toByteArray());
  }

  /** What is in the file; refused unless it is for that key and unchanged. */
  static Secret open(Secret privateKey, Bytes file) {
    byte[] buffer = new byte[LONGEST + 1];
    try (ReadableByteChannel channel = channel(privateKey, file)) {
      ByteBuffer content = ByteBuffer.wrap(buffer);
      while (content.hasRemaining() && channel.read(content) >= 0) {
        // Until the end of the file, whose last chunk is authenticated like every other.
      }
      return Secret.takeOver(Arrays.copyOf(buffer, content.position()));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw RefusalException.causedBy(
          ShareRefusal.NOT_YOURS, "the share cannot be opened with this key", e);
    } finally {
      Arrays.fill(buffer, (byte) 0);
    }
  }

  private static ReadableByteChannel channel(Secret privateKey, Bytes file)
      throws GeneralSecurityException, IOException {
    return new StandardDecryptingChannelFactory()
        .newDecryptingChannel(
            Channels.newChannel(new ByteArrayInputStream(file.toArray())),
            List.of(
                X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(
                    privateKey.expose(AgeSealing::identity))));
  }

  private static CharSequence identity(byte[] raw) {
    return Bech32.getEncoder().encode("AGE-SECRET-KEY-", raw);
  }

  private static int write(WritableByteChannel channel, byte[] raw) {
    try {
      return channel.write(ByteBuffer.wrap(raw));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
