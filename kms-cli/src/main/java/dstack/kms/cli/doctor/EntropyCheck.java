package dstack.kms.cli.doctor;

import java.util.List;
import java.util.OptionalLong;

/** Whether the kernel's random numbers are seeded, of which root keys are made. */
final class EntropyCheck implements HostCheck {
  private static final long SEEDED_BITS = 128;

  @Override
  public List<Finding> look(Host host) {
    OptionalLong bits = KernelFiles.number(host.kernel("/proc/sys/kernel/random/entropy_avail"));
    if (bits.isEmpty()) {
      return List.of(
          Finding.warning(
              "entropy", "the kernel does not say whether it is seeded", "Is /proc mounted?"));
    }
    if (bits.getAsLong() < SEEDED_BITS) {
      return List.of(
          Finding.problem(
              "entropy",
              bits.getAsLong() + " bits: root keys made now might be guessed, or never be made",
              "Give the machine a random number generator (RDRAND, virtio-rng) and wait."));
    }
    return List.of(Finding.ok("entropy", "the kernel is seeded"));
  }
}
