package dstack.kms.attest.device.tsm;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.Timing;
import dstack.kms.core.bytes.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The entry in which one report is asked for: our own, removed at the end, or one that is shared
 * with other programs and locked against them by {@code flock}, as they do it.
 */
final class TsmEntry implements AutoCloseable {
  private static final int LOOKS_FOR_PROVIDER = 5;
  private static final int LONGEST_SHARED_PATH = 239;
  private static final Duration LOOK_PAUSE = Duration.ofMillis(1);
  private static final Duration LOCK_PAUSE = Duration.ofMillis(100);

  private final LibC libc;
  private final Path folder;
  private final boolean ours;
  private Optional<Descriptor> lock = Optional.empty();

  private TsmEntry(LibC libc, Path folder, boolean ours) {
    this.libc = libc;
    this.folder = folder;
    this.ours = ours;
  }

  /** Makes an entry of our own under a name that nobody else has. */
  static TsmEntry make(
      LibC libc, Timing timing, Path root, TsmProvider provider, RandomGenerator random) {
    if (!Files.isDirectory(root)) {
      throw DeviceRefusal.NOT_SUPPORTED.because("configfs base not found: " + root);
    }
    byte[] name = new byte[8];
    random.nextBytes(name);
    Path folder = root.resolve("dstack-kms-" + Bytes.of(name));
    CallResult made = libc.mkdir(folder.toString());
    if (made.failed()) {
      throw notPrepared(made.error());
    }
    TsmEntry entry = new TsmEntry(libc, folder, true);
    boolean usable = false;
    try {
      entry.awaitProvider(timing);
      entry.requireProvider(provider, "failed to prepare configfs: " + folder);
      usable = true;
      return entry;
    } finally {
      if (!usable) {
        entry.close();
      }
    }
  }

  /** Takes the shared entry, waiting at most so long for the programs that have it. */
  static TsmEntry share(
      LibC libc, Timing timing, Path folder, TsmProvider provider, Duration wait) {
    String refused = "invalid configfs path from env: " + folder;
    boolean possible = Bytes.utf8(folder.toString()).length() <= LONGEST_SHARED_PATH;
    if (!possible || !Files.isDirectory(folder)) {
      throw DeviceRefusal.NOT_SUPPORTED.because(refused);
    }
    TsmEntry entry = new TsmEntry(libc, folder, false);
    entry.requireProvider(provider, refused);
    entry.lock(timing, wait);
    return entry;
  }

  TsmAttribute attribute(String name) {
    return new TsmAttribute(libc, folder.resolve(name));
  }

  private void awaitProvider(Timing timing) {
    for (int look = 1; !Files.exists(folder.resolve("provider")); look++) {
      if (look == LOOKS_FOR_PROVIDER) {
        throw notPrepared("no provider in " + folder);
      }
      timing.pause(LOOK_PAUSE);
    }
  }

  private void requireProvider(TsmProvider provider, String refused) {
    if (!provider.named(attribute("provider").text())) {
      throw DeviceRefusal.NOT_SUPPORTED.because(refused);
    }
  }

  private void lock(Timing timing, Duration wait) {
    Path inblob = folder.resolve("inblob");
    Descriptor file =
        Descriptor.open(
            libc,
            inblob.toString(),
            LibC.O_WRONLY,
            call -> DeviceRefusal.UNEXPECTED.because("open " + inblob + ": " + call.error()));
    lock = Optional.of(file);
    long start = timing.nanoTime();
    CallResult locked = file.tryLock();
    while (locked.failed() && timing.nanoTime() - start < wait.toNanos()) {
      if (locked.errno() != Errno.EAGAIN && locked.errno() != Errno.EINTR) {
        break;
      }
      timing.pause(LOCK_PAUSE);
      locked = file.tryLock();
    }
    if (locked.failed()) {
      close();
      throw locked.errno() == Errno.EAGAIN
          ? DeviceRefusal.BUSY.because("")
          : DeviceRefusal.UNEXPECTED.because("lock " + inblob + ": " + locked.error());
    }
  }

  private static RuntimeException notPrepared(String why) {
    return DeviceRefusal.NOT_SUPPORTED.because("failed to prepare configfs: " + why);
  }

  /** An entry that cannot be removed holds no secret and disturbs nobody. */
  @Override
  public void close() {
    lock.ifPresent(Descriptor::close);
    lock = Optional.empty();
    if (ours) {
      CallResult ignored = libc.rmdir(folder.toString());
    }
  }
}
