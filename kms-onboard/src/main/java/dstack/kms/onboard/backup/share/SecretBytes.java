package dstack.kms.onboard.backup.share;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Secrets put together from parts, and taken apart. */
final class SecretBytes {
  private SecretBytes() {}

  /** Public bytes, a secret, and public bytes behind it; one secret. */
  static Secret join(Bytes before, Secret secret, Bytes after) {
    int length = before.length() + secret.length() + after.length();
    return secret.expose(
        raw ->
            Secret.takeOver(
                ByteBuffer.allocate(length)
                    .put(before.buffer())
                    .put(raw)
                    .put(after.buffer())
                    .array()));
  }

  /** Two secrets as one. */
  static Secret join(Secret first, Secret second) {
    return first.expose(
        head ->
            second.expose(
                tail ->
                    Secret.takeOver(
                        ByteBuffer.allocate(head.length + tail.length)
                            .put(head)
                            .put(tail)
                            .array())));
  }

  /** A part that stays secret. */
  static Secret slice(Secret whole, int from, int to) {
    return whole.expose(raw -> Secret.takeOver(Arrays.copyOfRange(raw, from, to)));
  }

  /** A part that is public. */
  static Bytes reveal(Secret whole, int from, int to) {
    return whole.expose(raw -> Bytes.of(raw, from, to));
  }
}
