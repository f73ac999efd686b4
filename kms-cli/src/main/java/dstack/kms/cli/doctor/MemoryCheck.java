package dstack.kms.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Memory, and the ways in which keys could leave it: swap and core dumps. */
final class MemoryCheck implements HostCheck {
  private static final long ENOUGH_MIB = 512;

  @Override
  public List<Finding> look(Host host) {
    List<Finding> found = new ArrayList<>();
    found.add(memory(host));
    found.add(swap(host));
    found.add(coreDumps(host));
    return found;
  }

  private static Finding memory(Host host) {
    OptionalLong all = KernelFiles.kibibytes(host.kernel("/proc/meminfo"), "MemTotal");
    if (all.isEmpty()) {
      return Finding.warning(
          "memory", "/proc/meminfo does not say how much there is", "Mount /proc.");
    }
    // "max" is no number: a group without a limit.
    long group =
        KernelFiles.number(host.kernel("/sys/fs/cgroup/memory.max")).orElse(Long.MAX_VALUE);
    long mebibytes = Math.min(all.getAsLong() >> 10, group >> 20);
    String text = mebibytes + " MiB";
    return mebibytes < ENOUGH_MIB
        ? Finding.problem(
            "memory",
            text
                + ", of which the server takes about 200 with its native parts and more under load",
            "Give the machine or the container at least " + ENOUGH_MIB + " MiB.")
        : Finding.ok("memory", text);
  }

  private static Finding swap(Host host) {
    long swap = KernelFiles.kibibytes(host.kernel("/proc/meminfo"), "SwapTotal").orElse(0);
    return swap > 0
        ? Finding.warning(
            "swap",
            (swap >> 10) + " MiB: keys in memory may be written to a disk",
            "Switch swap off (swapoff -a, and the line in /etc/fstab).")
        : Finding.ok("swap", "none");
  }

  private static Finding coreDumps(Host host) {
    OptionalLong core =
        KernelFiles.softLimit(host.kernel("/proc/self/limits"), "Max core file size");
    if (core.isPresent() && core.getAsLong() == 0) {
      return Finding.ok("core-dumps", "off");
    }
    return Finding.warning(
        "core-dumps",
        "on: a crash would write the keys to a file",
        "Start the server under `ulimit -c 0`, LimitCORE=0 of systemd or --ulimit core=0.");
  }
}
