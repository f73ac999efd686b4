package dstack.kms.acceptance;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine with a simulated platform: its guest agent and its PCCS run as a process of their own,
 * and servers are started on it with a configuration file and the simulated roots.
 */
public final class Host implements AutoCloseable {
  public final Path folder;
  public final Path certificates;
  public final int port;
  public final int operationsPort;
  private final Path simulation;
  private final Path socket;
  private final Background platform;
  private final Map<String, String> environment = new HashMap<>();

  /** Starts the machine in that folder; its ports are free ones of the loopback. */
  public Host(Path folder) {
    this(folder, folder.resolve("sim"), 0);
  }

  private Host(Path folder, Path simulation, int device) {
    this.folder = folder;
    this.simulation = simulation;
    certificates = folder.resolve("certs");
    socket = folder.resolve("agent.sock");
    port = freePort();
    operationsPort = freePort();
    int pccs = freePort();
    platform =
        new Background(
            kms(
                "sim",
                "platform",
                "--dir",
                simulation.toString(),
                "--socket",
                socket.toString(),
                "--pccs-port",
                String.valueOf(pccs),
                "--device",
                String.valueOf(device)),
            Map.of());
    platform.await("127\\.0\\.0\\.1:" + pccs);
    place(pccs);
  }

  /** Another machine of that number, made by the same manufacturer: under the same roots. */
  public Host another(Path folder, int device) {
    return new Host(folder, simulation, device);
  }

  /** The folder of the simulated roots. */
  public Path roots() {
    return simulation;
  }

  /** The command line of the built program. */
  public static List<String> kms(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProjectRoot.path().resolve("kms-cli/target/dist/bin/kms").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts a server with the given file's text, unchanged; only the environment places it here. */
  public Background serve(String toml, Map<String, String> more) {
    return serve(List.of(), toml, more);
  }

  /** The same under another program, such as one that traces it. */
  public Background serve(List<String> starter, String toml, Map<String, String> more) {
    Path file = folder.resolve("kms.toml");
    Program.write(file, toml);
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    List<String> command = new ArrayList<>(starter);
    command.addAll(kms("serve", "-c", file.toString()));
    return new Background(command, all);
  }

  /** The variables that place a server on this machine. */
  public Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /** Raw bytes of an attestation for the report data, made by the simulated platform. */
  public Path attest(String name, String reportDataHex, String... options) {
    Path file = folder.resolve(name);
    List<String> command =
        kms(
            "sim",
            "attest",
            "--dir",
            simulation.toString(),
            "--report-data",
            reportDataHex,
            "-o",
            file.toString());
    command.addAll(List.of(options));
    Program.run(command).success();
    return file;
  }

  /** One call of curl, which waits for the listener to come up. */
  public Program curl(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Tool.require("curl").toString(),
                "-s",
                "--max-time",
                "30",
                "--retry",
                "60",
                "--retry-delay",
                "1",
                "--retry-connrefused"));
    command.addAll(List.of(arguments));
    return Program.run(command);
  }

  /** The URL of a path on the main or set-up listener. */
  public String url(String scheme, String path) {
    return scheme + "://localhost:" + port + path;
  }

  @Override
  public void close() {
    platform.close();
  }

  private void place(int pccs) {
    environment.put("KMS_RPC_ADDRESS", "127.0.0.1");
    environment.put("KMS_RPC_PORT", String.valueOf(port));
    environment.put("KMS_CORE_ONBOARD_ADDRESS", "127.0.0.1");
    environment.put("KMS_CORE_ONBOARD_PORT", String.valueOf(port));
    environment.put("KMS_CORE_OPERATIONS_PORT", String.valueOf(operationsPort));
    environment.put("KMS_CORE_CERT_DIR", certificates.toString());
    environment.put("KMS_RPC_TLS_KEY", certificates.resolve("rpc.key").toString());
    environment.put("KMS_RPC_TLS_CERTS", certificates.resolve("rpc.crt").toString());
    environment.put("KMS_CORE_IMAGE_CACHE_DIR", folder.resolve("images").toString());
    environment.put("KMS_CORE_INSECURE_DEVELOPMENT", "true");
    environment.put("KMS_CORE_ATTESTATION_INSECURE_ALLOW_EXTERNAL_TRUST_ANCHORS", "true");
    environment.put("KMS_CORE_ATTESTATION_ROOT_CA_TDX", rootCertificate().toString());
    environment.put("KMS_CORE_ATTESTATION_URLS_PCCS", "http://127.0.0.1:" + pccs);
    environment.put("DSTACK_AGENT_ADDRESS", "unix:" + socket);
  }

  private Path rootCertificate() {
    String fragment = Program.run(kms("sim", "config", "--dir", simulation.toString())).success();
    return fragment
        .lines()
        .filter(line -> line.strip().startsWith("tdx ="))
        .map(line -> Path.of(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'))))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no root in\n" + fragment));
  }

  /** A port of the loopback that nobody listens at now. */
  public static int freePort() {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file's text. */
  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
