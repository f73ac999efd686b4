package dstack.kms.core.secret;

import dstack.kms.core.bytes.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Secret bytes outside the Java heap, erased when closed.
 *
 * <p>The garbage collector never copies them, {@link #toString()} shows the length only, and there
 * is no {@code equals}: {@link #matches} compares in constant time. {@link #expose} lends a heap
 * copy for the length of one call and wipes it; what the callee copies out of it is the callee's
 * responsibility. Not promised: that the operating system never swaps the page, and that the
 * compiler never keeps a word in a register.
 */
public final class Secret implements AutoCloseable {
  private final Arena arena;
  private final MemorySegment content;

  private Secret(int length) {
    arena = Arena.ofShared();
    content = arena.allocate(length == 0 ? 1 : length).asSlice(0, length);
  }

  /** Copies the array off the heap and wipes the array. */
  public static Secret takeOver(byte[] content) {
    Secret secret = new Secret(content.length);
    MemorySegment.copy(content, 0, secret.content, ValueLayout.JAVA_BYTE, 0, content.length);
    Arrays.fill(content, (byte) 0);
    return secret;
  }

  /** So many random bytes. */
  public static Secret generate(int length, SecureRandom random) {
    byte[] fresh = new byte[length];
    random.nextBytes(fresh);
    return takeOver(fresh);
  }

  /** The number of bytes. */
  public int length() {
    return Math.toIntExact(content.byteSize());
  }

  /** Lends the raw bytes for one call and wipes the copy afterwards, also when the call throws. */
  public <T> T expose(Function<byte[], T> use) {
    byte[] copy = content.toArray(ValueLayout.JAVA_BYTE);
    try {
      return use.apply(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /** A second secret with the same content, closed on its own. */
  public Secret copy() {
    Secret twin = new Secret(length());
    twin.content.copyFrom(content);
    return twin;
  }

  /** Whether both hold the same bytes, in time that depends on the lengths only. */
  public boolean matches(Secret other) {
    return expose(mine -> other.expose(theirs -> MessageDigest.isEqual(mine, theirs)));
  }

  /** The SHA-256 of the content. */
  public Bytes sha256() {
    return expose(
        raw -> {
          try {
            return Bytes.of(MessageDigest.getInstance("SHA-256").digest(raw));
          } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
          }
        });
  }

  /** Erases the bytes and frees the memory; later use throws {@link IllegalStateException}. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      content.fill((byte) 0);
      arena.close();
    }
  }

  @Override
  public String toString() {
    return "Secret[" + content.byteSize() + " bytes]";
  }
}
