package dstack.kms.core.audit;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.file.FileActions;
import dstack.kms.core.file.PosixFileActions;
import dstack.kms.core.file.Room;
import dstack.kms.core.secret.Secret;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A file system of which single directories can be broken while a test runs. */
final class BreakableActions implements FileActions {
  /** What is wrong with a directory. */
  enum Fault {
    /** A write stops half way, as on a full disk. */
    FULL,
    /** What was written cannot be made durable. */
    SYNC,
    /** A sync does not return until the fault is taken away. */
    HANGS
  }

  private final FileActions real = new PosixFileActions();
  private final Map<Path, Fault> faults = new ConcurrentHashMap<>();
  private final Map<Path, Long> volumes = new ConcurrentHashMap<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger syncs = new AtomicInteger();

  void breakDirectory(Path directory, Fault fault) {
    faults.put(directory, fault);
  }

  /** Lets no more than so many bytes lie in a directory, which is a volume of its own. */
  void makeVolume(Path directory, long bytes) {
    volumes.put(directory, bytes);
  }

  private void requireRoom(Path file, int more) throws IOException {
    for (Map.Entry<Path, Long> volume : volumes.entrySet()) {
      if (file.startsWith(volume.getKey()) && used(volume.getKey()) + more > volume.getValue()) {
        throw new IOException("No space left on device");
      }
    }
  }

  private static long used(Path directory) throws IOException {
    long used = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        used += Files.size(file);
      }
    }
    return used;
  }

  @Override
  public Room room(Path directory) throws IOException {
    looks.incrementAndGet();
    Long total = volumes.get(directory);
    return total == null
        ? real.room(directory)
        : new Room(Math.max(0, total - used(directory)), total);
  }

  /** How often somebody has asked how much room there is. */
  int looks() {
    return looks.get();
  }

  void mend(Path directory) {
    faults.remove(directory);
    released.countDown();
  }

  int syncs() {
    return syncs.get();
  }

  private boolean has(Path path, Fault fault) {
    return faults.entrySet().stream()
        .anyMatch(entry -> path.startsWith(entry.getKey()) && entry.getValue() == fault);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    real.createDirectory(directory);
  }

  @Override
  public void write(Path file, Secret content) throws IOException {
    if (has(file, Fault.FULL)) {
      throw new IOException("No space left on device");
    }
    requireRoom(file, content.length());
    real.write(file, content);
  }

  @Override
  public void append(Path file, Bytes content) throws IOException {
    if (has(file, Fault.FULL)) {
      real.append(file, content.slice(0, content.length() / 2));
      throw new IOException("No space left on device");
    }
    requireRoom(file, content.length());
    real.append(file, content);
  }

  @Override
  public void truncate(Path file, long length) throws IOException {
    real.truncate(file, length);
  }

  @Override
  public void sync(Path fileOrDirectory) throws IOException {
    syncs.incrementAndGet();
    if (has(fileOrDirectory, Fault.SYNC)) {
      throw new IOException("Input/output error");
    }
    if (has(fileOrDirectory, Fault.HANGS)) {
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
    real.sync(fileOrDirectory);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
  }

  @Override
  public void delete(Path fileOrDirectory) throws IOException {
    real.delete(fileOrDirectory);
  }

  @Override
  public void makePrivate(Path fileOrDirectory) throws IOException {
    real.makePrivate(fileOrDirectory);
  }
}
