package dstack.kms.attest.image.store;

import dstack.kms.attest.image.archive.ImageMetadata;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.file.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folders below {@code core.image.cache_dir}: {@code images/HASH}, {@code images/tmp} and
 * {@code locks}, for their owner only. A complete image appears under its name at once or not at
 * all.
 */
final class ImageFolders {
  /** What names of work folders begin with, before the image's hash and a number. */
  static final String WORK_FOLDER = "tmp-download-";

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;

  ImageFolders(Path root) {
    this.root = root;
  }

  Path of(Bytes image) {
    return root.resolve("images").resolve(image.hex());
  }

  boolean has(Bytes image) {
    Path folder = of(image);
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.exists(folder.resolve(ImageMetadata.FILE), LinkOption.NOFOLLOW_LINKS);
  }

  /** An action on files. */
  interface Action {
    void run() throws IOException;
  }

  /**
   * Runs the action while no other process does so for the same image; waits for those that do.
   *
   * @throws OverlappingFileLockException if this process itself does so
   */
  void holding(Bytes image, Action action) throws IOException {
    try (FileChannel channel = lockFile(image);
        FileLock _ = channel.lock()) {
      action.run();
    }
  }

  /** Runs the action unless somebody, this process included, runs one for the same image. */
  void ifFree(Bytes image, Action action) throws IOException {
    try (FileChannel channel = lockFile(image);
        @Nullable FileLock lock = channel.tryLock()) {
      if (lock != null) {
        action.run();
      }
    } catch (OverlappingFileLockException held) {
      return;
    }
  }

  private FileChannel lockFile(Bytes image) throws IOException {
    Path locks = Files.createDirectories(root.resolve("locks"), OWNER_ONLY);
    return FileChannel.open(
        locks.resolve(image.hex()),
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        OWNER_FILE);
  }

  /** Where images are unpacked. */
  Path work() {
    return root.resolve("images").resolve("tmp");
  }

  Path newWorkFolder(Bytes image) throws IOException {
    Files.createDirectories(work(), OWNER_ONLY);
    return Files.createTempDirectory(work(), WORK_FOLDER + image.hex() + "-", OWNER_ONLY);
  }

  /** Puts a complete image into place; what stood there goes. */
  void keep(Path complete, Bytes image) throws IOException {
    discard(image);
    Files.move(complete, of(image), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes an image away at once, then removes it. */
  void discard(Bytes image) throws IOException {
    if (!Files.exists(of(image), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Path aside = newWorkFolder(image);
    Files.move(of(image), aside.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
    remove(aside);
  }

  /** Removes a folder with everything in it; links are removed, not followed. */
  void remove(Path folder) throws IOException {
    FileTree.remove(folder);
  }
}
