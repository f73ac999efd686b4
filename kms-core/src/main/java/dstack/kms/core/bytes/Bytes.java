package dstack.kms.core.bytes;

import com.google.errorprone.annotations.Immutable;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * An immutable sequence of public bytes with value equality.
 *
 * <p>Arrays are copied on the way in and on the way out. Its text form is lower-case hexadecimal
 * without a prefix, which is also the form on the wire. Secrets do not belong here: use {@link
 * dstack.kms.core.secret.Secret}.
 */
@Immutable
public final class Bytes {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final HexFormat HEX = HexFormat.of();

  @SuppressWarnings("Immutable") // never handed out and never written after construction
  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of the given array. */
  public static Bytes of(byte[] content) {
    Objects.requireNonNull(content, "content is null");
    return content.length == 0 ? EMPTY : new Bytes(content.clone());
  }

  /** A copy of the range {@code from} (inclusive) to {@code to} (exclusive) of the given array. */
  public static Bytes of(byte[] content, int from, int to) {
    return new Bytes(Arrays.copyOfRange(content, from, to));
  }

  /** The UTF-8 encoding of the given text. */
  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** So many zero bytes. */
  public static Bytes zeros(int length) {
    return new Bytes(new byte[length]);
  }

  /**
   * Decodes an even number of hexadecimal digits of either case, without a prefix.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Bytes fromHex(String hex) {
    return new Bytes(HEX.parseHex(hex));
  }

  /** The given parts, one after the other. */
  public static Bytes concat(Bytes... parts) {
    int length = 0;
    for (Bytes part : parts) {
      length = Math.addExact(length, part.length());
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (Bytes part : parts) {
      joined.put(part.content);
    }
    return new Bytes(joined.array());
  }

  /** The number of bytes. */
  public int length() {
    return content.length;
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return content.length == 0;
  }

  /** The byte at the index as a number from 0 to 255. */
  public int at(int index) {
    return Byte.toUnsignedInt(content[index]);
  }

  /** The bytes {@code from} (inclusive) to {@code to} (exclusive). */
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, content.length);
    return new Bytes(Arrays.copyOfRange(content, from, to));
  }

  /** Whether every byte is zero; true of no bytes at all. */
  public boolean isAllZero() {
    for (byte b : content) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * These bytes and zeros after them up to the length; the same if they are long enough already.
   */
  public Bytes paddedTo(int length) {
    return length <= content.length ? this : new Bytes(Arrays.copyOf(content, length));
  }

  /** A copy as an array. */
  public byte[] toArray() {
    return content.clone();
  }

  /** A read-only view that shares the content; its byte order is big-endian. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }

  /** Feeds the content to a digest without copying it. */
  public void update(java.security.MessageDigest digest) {
    digest.update(content);
  }

  /** Writes the content to a stream without copying it. */
  public void writeTo(OutputStream stream) throws java.io.IOException {
    stream.write(content);
  }

  /** The content read as UTF-8; malformed sequences become replacement characters. */
  public String utf8Text() {
    return new String(content, StandardCharsets.UTF_8);
  }

  /** The content read as UTF-8 (no overlong forms, no surrogates); empty if it is not. */
  public Optional<String> strictUtf8Text() {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(buffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Lower-case hexadecimal digits without a prefix. */
  public String hex() {
    return HEX.formatHex(content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return hex();
  }
}
