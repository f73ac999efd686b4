package dstack.kms.acceptance.faults;

import dstack.kms.testkit.LeftOut;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A real ext4 file system in a file, mounted where only the sandbox sees it. Nothing reaches the
 * file by the passing of time: only what a program makes durable is there after a loss of power.
 */
final class Disk implements AutoCloseable {
  private final Sandbox sandbox = Sandbox.ofMounts();
  private final Path folder;
  private final Path image;
  private final Path mounted;

  Disk(Path folder, long bytes) {
    this.folder = folder;
    image = folder.resolve("disk.img");
    mounted = folder.resolve("disk");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
      Files.createDirectories(mounted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean made = false;
    try {
      make();
      made = true;
    } finally {
      if (!made) {
        sandbox.close();
      }
    }
  }

  private void make() {
    String mkfs = Tool.require("mkfs.ext4").toString();
    sandbox.run(mkfs, "-q", "-b", "1024", "-m", "0", "-J", "size=1", image.toString()).success();
    mount(image, "loop,commit=300", mounted);
  }

  /** What to put before a program that is to see this disk. */
  Sandbox sandbox() {
    return sandbox;
  }

  /** Where it is mounted, for programs in the sandbox. */
  Path inside() {
    return mounted;
  }

  /** The same files as the test sees them. */
  Path seen() {
    return sandbox.seen(mounted);
  }

  /** Writes everything out, as time would. */
  void settle() {
    sandbox.run("sync", "-f", mounted.toString()).success();
  }

  void remount(String options) {
    sandbox.run("mount", "-o", "remount," + options, mounted.toString()).success();
  }

  /** What tells two states of the medium apart. */
  String fingerprint() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(image)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** What the medium holds now, which is what is left of it when the power fails now. */
  Path copy(String name) {
    try {
      return Files.copy(image, folder.resolve(name + ".img"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the machine again with such a copy: the files that the kernel then finds on it. */
  Path filesOf(Path copy) {
    Path again = folder.resolve(copy.getFileName() + ".mounted");
    Path files = folder.resolve(copy.getFileName() + ".files");
    try {
      Files.createDirectories(again);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mount(copy, "loop", again);
    sandbox.run("cp", "-a", again.toString(), files.toString()).success();
    sandbox.run("umount", again.toString()).success();
    return files;
  }

  private void mount(Path file, String options, Path where) {
    if (sandbox.run("mount", "-o", options, file.toString(), where.toString()).status() != 0) {
      throw LeftOut.because("loop devices (mount -o loop)");
    }
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
