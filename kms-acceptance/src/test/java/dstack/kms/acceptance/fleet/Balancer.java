package dstack.kms.acceptance.fleet;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * HAProxy with the file of {@code deploy/haproxy}. Only what the file itself says is to be changed
 * is changed: addresses and ports; and that it keeps its user and socket in the test's folder.
 */
final class Balancer implements AutoCloseable {
  private final Background program;
  private final int port = Host.freePort();

  Balancer(Path folder, List<FleetNode> nodes) {
    String text =
        Host.read(ProjectRoot.path().resolve("deploy/haproxy/haproxy.cfg"))
            .replaceAll("(?m)^    (user|group) haproxy$", "")
            .replace("/run/haproxy/kms.sock", folder.resolve("haproxy.sock").toString())
            .replace("bind :12001", "bind 127.0.0.1:" + port)
            .replace("check port 8002 ", "check ");
    for (FleetNode node : nodes) {
      text =
          text.replaceAll(
              "server kms-" + node.number() + " 192\\.0\\.2\\.\\d+:12001",
              "server kms-%d 127.0.0.1:%d port %d"
                  .formatted(node.number(), node.port(), node.operationsPort()));
    }
    Path file = folder.resolve("haproxy.cfg");
    Program.write(file, text);
    String haproxy = Tool.require("haproxy").toString();
    program = new Background(List.of(haproxy, "-db", "-f", file.toString()), Map.of());
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }

  /** Waits until it says that this node is up again. */
  void awaitUp(FleetNode node) {
    program.await("Server kms/kms-" + node.number() + " is UP");
  }

  @Override
  public void close() {
    program.close();
  }
}
