package dstack.kms.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether the kernel's random numbers are seeded, of which root keys are made: its device then
 * gives some at once, and none before. The count in {@code entropy_avail} tells less on some
 * kernels.
 */
final class EntropyCheck implements HostCheck {
  private static final String NAME = "entropy";
  private static final int BYTES = 32;
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  @Override
  public List<Finding> look(Host host) {
    Path device = host.kernel("/dev/random");
    if (!Files.exists(device)) {
      return List.of(
          Finding.warning(
              NAME,
              "there is no /dev/random to ask",
              "Mount /dev; root keys are made of its numbers."));
    }
    FutureTask<Integer> reading = new FutureTask<>(() -> read(device));
    Thread.ofPlatform().daemon().name("entropy").start(reading);
    return List.of(found(reading));
  }

  private static Finding found(FutureTask<Integer> reading) {
    try {
      int count = reading.get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS);
      return count == BYTES ? Finding.ok(NAME, "the kernel is seeded") : unseeded("gives too few");
    } catch (TimeoutException e) {
      return unseeded("gives no random numbers yet");
    } catch (ExecutionException e) {
      return unseeded("cannot be read: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unseeded("was not waited for");
    }
  }

  private static Finding unseeded(String why) {
    return Finding.problem(
        NAME,
        "/dev/random " + why + ": root keys could not be made now",
        "Give the machine a random number generator (RDRAND, virtio-rng) and wait.");
  }

  private static int read(Path device) throws IOException {
    try (InputStream numbers = Files.newInputStream(device)) {
      return numbers.readNBytes(BYTES).length;
    }
  }
}
