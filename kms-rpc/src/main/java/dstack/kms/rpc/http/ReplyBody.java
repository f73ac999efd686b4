package dstack.kms.rpc.http;

import dstack.kms.core.secret.Secret;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of an answer, which may contain keys: closing wipes them. Not thread-safe; owned by
 * whoever answers until the server has written it.
 */
public final class ReplyBody implements AutoCloseable {
  private final byte[] content;
  private final int length;

  private ReplyBody(byte[] content, int length) {
    this.content = content;
    this.length = length;
  }

  /** Takes over the first {@code length} bytes of the array, which the caller must not keep. */
  public static ReplyBody takeOver(byte[] content, int length) {
    if (length < 0 || length > content.length) {
      throw new IllegalArgumentException("no " + length + " bytes in " + content.length);
    }
    return new ReplyBody(content, length);
  }

  /** The UTF-8 bytes of the text. */
  public static ReplyBody of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new ReplyBody(utf8, utf8.length);
  }

  /** The number of bytes. */
  public int length() {
    return length;
  }

  /** The content read as UTF-8; for answers that hold no secrets. */
  public String utf8Text() {
    return new String(content, 0, length, StandardCharsets.UTF_8);
  }

  /** A copy of the content outside the heap, closed on its own. */
  public Secret toSecret() {
    return Secret.takeOver(Arrays.copyOf(content, length));
  }

  void copyInto(ByteBuf target) {
    target.writeBytes(content, 0, length);
  }

  @Override
  public void close() {
    Arrays.fill(content, (byte) 0);
  }
}
