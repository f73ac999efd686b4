package dstack.kms.cli.doctor;

import java.util.List;
import java.util.OptionalLong;

/** Whether the process may open as many files as the configuration grants connections. */
final class LimitsCheck implements HostCheck {
  private static final long BESIDE_CONNECTIONS = 256;

  @Override
  public List<Finding> look(Host host) {
    OptionalLong files = KernelFiles.softLimit(host.kernel("/proc/self/limits"), "Max open files");
    long wanted = host.config().rpc().maxConnections() + BESIDE_CONNECTIONS;
    if (files.isPresent() && files.getAsLong() < wanted) {
      return List.of(
          Finding.warning(
              "open-files",
              files.getAsLong() + ", but rpc.max_connections needs about " + wanted,
              "Raise the limit (ulimit -n, LimitNOFILE=) or lower rpc.max_connections."));
    }
    return List.of(Finding.ok("open-files", "enough for rpc.max_connections"));
  }
}
