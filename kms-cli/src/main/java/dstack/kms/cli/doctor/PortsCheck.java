package dstack.kms.cli.doctor;

import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.ListenAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether the server could listen where it is told to. */
final class PortsCheck implements HostCheck {
  @Override
  public List<Finding> look(Host host) {
    List<Finding> found = new ArrayList<>();
    listeners(host.config()).forEach((name, address) -> found.add(look("port " + name, address)));
    return found;
  }

  /** The set-up listener has the main one's port until there are keys. */
  private static Map<String, ListenAddress> listeners(KmsConfig config) {
    Map<String, ListenAddress> all = new LinkedHashMap<>();
    all.put("rpc", config.rpc().listen());
    if (config.onboard().enabled() && !config.onboard().listen().equals(config.rpc().listen())) {
      all.put("core.onboard", config.onboard().listen());
    }
    if (config.admin().enabled()) {
      all.put("core.admin", config.admin().listen());
    }
    if (config.operations().enabled()) {
      all.put("core.operations", config.operations().listen());
    }
    return all;
  }

  private static Finding look(String name, ListenAddress at) {
    String shown = at.address().getHostAddress() + ":" + at.port();
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(at.socketAddress());
      return Finding.ok(name, shown + " is free");
    } catch (IOException e) {
      return Finding.problem(
          name,
          shown + " cannot be listened at: " + e.getMessage(),
          "End what listens there (ss -ltnp), or choose another address; ports under 1024 need a"
              + " privilege.");
    }
  }
}
