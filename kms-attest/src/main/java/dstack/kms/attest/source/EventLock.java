package dstack.kms.attest.source;

import dstack.kms.attest.device.CallResult;
import dstack.kms.attest.device.Descriptor;
import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.Errno;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.Timing;
import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The lock that the guest's programs hold while they measure an event and append it to the log
 * (specification 12 §3). Whoever holds it sees registers and log that belong together.
 *
 * @param libc the system calls
 * @param timing waits between two tries
 * @param file {@code runtime_event.lock} beside the log
 * @param patience how long others may keep it
 */
public record EventLock(LibC libc, Timing timing, Path file, Duration patience) {
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** The lock beside that log. */
  public static EventLock beside(Path eventLog, LibC libc, Timing timing, Duration patience) {
    return new EventLock(libc, timing, eventLog.resolveSibling("runtime_event.lock"), patience);
  }

  /**
   * The lock, held until it is closed; nothing is held where there is no such file, as in guests of
   * earlier releases.
   *
   * @throws RefusalException {@link DeviceRefusal#BUSY} if others keep it too long
   */
  Held take() {
    CallResult opened = libc.open(file.toString(), LibC.O_RDONLY);
    if (opened.failed()) {
      if (opened.errno() == Errno.ENOENT) {
        return new Held(Optional.empty());
      }
      throw DeviceRefusal.GUEST_FILE.because("cannot open " + file + ": " + opened.error());
    }
    Descriptor descriptor = Descriptor.opened(libc, opened);
    try {
      await(descriptor);
      return new Held(Optional.of(descriptor));
    } catch (RefusalException e) {
      descriptor.close();
      throw e;
    }
  }

  private void await(Descriptor descriptor) {
    long since = timing.nanoTime();
    for (CallResult tried = descriptor.tryLock(); tried.failed(); tried = descriptor.tryLock()) {
      if (tried.errno() != Errno.EAGAIN && tried.errno() != Errno.EINTR) {
        throw DeviceRefusal.GUEST_FILE.because("cannot lock " + file + ": " + tried.error());
      }
      if (timing.nanoTime() - since >= patience.toNanos()) {
        throw DeviceRefusal.BUSY.because(": others keep " + file);
      }
      timing.pause(PAUSE);
    }
  }

  /** The lock while it is held, or nothing where there is none. */
  record Held(Optional<Descriptor> descriptor) implements AutoCloseable {
    @Override
    public void close() {
      descriptor.ifPresent(Descriptor::close);
    }
  }
}
