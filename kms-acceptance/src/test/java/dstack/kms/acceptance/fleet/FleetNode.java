package dstack.kms.acceptance.fleet;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.acceptance.PublishedConfig;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One of several nodes on a machine: a process of its own, with its own keys and ports. */
final class FleetNode implements AutoCloseable {
  static final String READY = "node is ready";

  private final Host host;
  private final int number;
  private final int port = Host.freePort();
  private final int operationsPort = Host.freePort();
  private final Path certs;
  private Background program;

  /** The first node makes the keys, unless told otherwise. */
  FleetNode(Host host, int number, Map<String, String> more) {
    this.host = host;
    this.number = number;
    certs = host.folder.resolve("node-" + number);
    program = start(more);
  }

  int number() {
    return number;
  }

  int port() {
    return port;
  }

  int operationsPort() {
    return operationsPort;
  }

  Background program() {
    return program;
  }

  /** Takes the keys of that node and ends set-up. */
  FleetNode join(FleetNode source) {
    program.await("HttpServer: set-up listens at");
    String asked =
        "{\"source_url\":\"https://localhost:" + source.port + "\",\"domain\":\"localhost\"}";
    String url = "http://localhost:" + port;
    curl(url + "/prpc/Onboard.Onboard?json", "-d", asked).success();
    curl(url + "/finish").success();
    program.await(READY);
    return this;
  }

  /** Ends it as a failing machine does. */
  void kill() {
    program.kill();
  }

  /** Starts it again from its keys. */
  void restart() {
    program = start(Map.of());
    program.await(READY);
  }

  private Background start(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("KMS_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    settings.put("KMS_RPC_PORT", String.valueOf(port));
    settings.put("KMS_CORE_ONBOARD_PORT", String.valueOf(port));
    settings.put("KMS_CORE_OPERATIONS_PORT", String.valueOf(operationsPort));
    settings.put("KMS_CORE_CERT_DIR", certs.toString());
    settings.put("KMS_RPC_TLS_KEY", certs.resolve("rpc.key").toString());
    settings.put("KMS_RPC_TLS_CERTS", certs.resolve("rpc.crt").toString());
    settings.put("KMS_CORE_IMAGE_VERIFY", "false");
    settings.put("KMS_CORE_AUTH_API_TYPE", "dev");
    settings.putAll(more);
    return host.serve(PublishedConfig.CURRENT.toml, settings);
  }

  private static Program curl(String url, String... more) {
    List<String> command = new java.util.ArrayList<>();
    command.addAll(List.of(Tool.require("curl").toString(), "-s", "-S", "--max-time", "60", url));
    command.addAll(List.of(more));
    return Program.run(command);
  }

  @Override
  public void close() {
    program.close();
  }
}
