package dstack.kms.attest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.attest.device.LibC;
import dstack.kms.attest.device.NativeLibC;
import dstack.kms.attest.device.Timing;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock that the guest's programs take, by the kernel's own {@code flock}. */
class EventLockTest {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  @TempDir Path folder;

  private final LibC libc = NativeLibC.load();
  private final CountedTime time = new CountedTime();
  private Path file;

  @BeforeEach
  void makeTheFile() throws IOException {
    file = Files.createFile(folder.resolve("runtime_event.lock"));
  }

  @Test
  void keepsOthersOutUntilItIsClosed() {
    try (EventLock.Held held = lock().take()) {
      assertThat(held.descriptor()).isPresent();
      assertRefused(DeviceRefusal.BUSY, "device busy: others keep " + file);
    }
    try (EventLock.Held again = lock().take()) {
      assertThat(again.descriptor()).isPresent();
    }
  }

  @Test
  void waitsForOthersWithinItsPatience() {
    EventLock.Held others = lock().take();
    time.afterPauses(3, others::close);
    try (EventLock.Held held = lock().take()) {
      assertThat(held.descriptor()).isPresent();
    }
    assertThat(time.pauses).hasSize(3);
  }

  @Test
  void holdsNothingWhereTheGuestKnowsNoLock() throws IOException {
    Files.delete(file);
    try (EventLock.Held held = lock().take()) {
      assertThat(held.descriptor()).isEmpty();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesWhatItCannotOpen() throws IOException {
    Files.delete(file);
    Files.createSymbolicLink(file, file);
    assertThatThrownBy(() -> lock().take())
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(DeviceRefusal.GUEST_FILE));
  }

  private EventLock lock() {
    return EventLock.beside(folder.resolve("runtime_events.log"), libc, time, PATIENCE);
  }

  private void assertRefused(DeviceRefusal code, String text) {
    assertThatThrownBy(() -> lock().take())
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessage(text);
  }

  /** Time that passes with pauses only. */
  private static final class CountedTime implements Timing {
    final List<Duration> pauses = new ArrayList<>();
    private int wanted = Integer.MAX_VALUE;
    private Runnable event = () -> {};

    void afterPauses(int count, Runnable then) {
      wanted = count;
      event = then;
    }

    @Override
    public long nanoTime() {
      return pauses.stream().mapToLong(Duration::toNanos).sum();
    }

    @Override
    public void pause(Duration duration) {
      pauses.add(duration);
      if (pauses.size() == wanted) {
        event.run();
      }
    }
  }
}
