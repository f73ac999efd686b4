package dstack.kms.attest.image.archive;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** One file of an image's folder; links are not followed. */
final class ImageFile {
  private final Path path;

  ImageFile(Path path) {
    this.path = path;
  }

  /** Whether there is a regular file. */
  boolean exists() {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** The whole content; a larger file is refused. */
  Bytes read(int limit) {
    try (InputStream in = open()) {
      byte[] content = in.readNBytes(limit + 1);
      if (content.length > limit) {
        throw ArchiveRefusal.LIMIT.because(
            path.getFileName() + " is larger than " + limit + " bytes");
      }
      return Bytes.of(content);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The digests of the content.
   *
   * @param size its bytes
   */
  record Digested(Bytes sha256, Bytes sha384, long size) {}

  /** SHA-256, 32 bytes. */
  Bytes sha256() {
    MessageDigest digest = digest("SHA-256");
    feed(digest);
    return Bytes.of(digest.digest());
  }

  /** Both digests of the same bytes. */
  Digested digested() {
    MessageDigest sha256 = digest("SHA-256");
    MessageDigest sha384 = digest("SHA-384");
    long size = feed(sha256, sha384);
    return new Digested(Bytes.of(sha256.digest()), Bytes.of(sha384.digest()), size);
  }

  private long feed(MessageDigest... digests) {
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    try (InputStream in = open()) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        for (MessageDigest digest : digests) {
          digest.update(buffer, 0, length);
        }
        size += length;
      }
      return size;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private InputStream open() throws IOException {
    if (!exists()) {
      throw new NoSuchFileException(path.toString());
    }
    return Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
  }

  private RefusalException unreadable(IOException e) {
    return RefusalException.causedBy(
        ArchiveRefusal.FOLDER, "Failed to read " + path.getFileName(), e);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
