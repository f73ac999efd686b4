package dstack.kms.cli.dev;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.fault.SimulatedFault;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedGuest;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The simulated machine under a development server: its guest agent, its PCCS and its policy. */
final class DevHost implements AutoCloseable {
  /** The kernel takes socket paths of at most 107 bytes. */
  private static final int LONGEST_SOCKET_PATH = 100;

  private final Path folder;
  private final SimulatedPlatform platform;
  private final PlatformKind kind;
  private final SimulatedGuest guest;
  private final Path socketFolder;
  private final AgentSocket agent;
  private final SimulatedPccs pccs;

  private DevHost(Path folder, PlatformKind kind, SimulatedPlatform platform) throws IOException {
    this.folder = folder;
    this.kind = kind;
    this.platform = platform;
    pccs = SimulatedPccs.serve(0, platform);
    guest = boot();
    DevPolicy.writeIfMissing(policy(), guest);
    socketFolder = socketFolder(folder);
    agent = AgentSocket.serve(socketFolder.resolve("agent.sock"), guest);
  }

  /** Starts the machine in the folder, with new roots if it is empty. */
  static DevHost start(Path folder, PlatformKind kind, DevClock time) {
    try {
      Files.createDirectories(folder);
      Path absolute = folder.toRealPath();
      SimulatedPlatform platform =
          SimulatedPlatform.open(absolute.resolve("sim"), time.clock(), time.random());
      return new DevHost(absolute, kind, platform);
    } catch (IOException | UncheckedIOException e) {
      throw DevRefusal.FOLDER.because("cannot use the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The policy that may be edited while the server runs. */
  Path policy() {
    return folder.resolve("policy.json");
  }

  /** Where the server keeps its keys. */
  Path certificates() {
    return folder.resolve("certs");
  }

  SimulatedPlatform platform() {
    return platform;
  }

  SimulatedGuest guest() {
    return guest;
  }

  /** Another guest of the same kind, with these faults. */
  SimulatedGuest boot(SimulatedFault... faults) {
    return platform.boot(SimulatedIdentity.on(kind.usual()), faults);
  }

  PlatformKind kind() {
    return kind;
  }

  /** The configuration of a server on this machine; no file is read. */
  KmsConfig config(int port, Map<String, String> variables) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("rpc.address", "127.0.0.1");
    flags.put("rpc.port", String.valueOf(port));
    flags.put("core.cert_dir", certificates().toString());
    flags.put("core.insecure_development", "true");
    flags.put("core.agent_address", agent.address());
    flags.put("core.image.verify", "false");
    flags.put("core.image.cache_dir", folder.resolve("images").toString());
    flags.put("core.attestation.insecure_allow_external_trust_anchors", "true");
    flags.put("core.attestation.urls.pccs", pccs.url());
    flags.put("core.attestation.urls.amd_kds", pccs.kdsUrl());
    platform
        .rootFiles(kind)
        .forEach((name, file) -> flags.put("core.attestation.root_ca." + name, file.toString()));
    kind.releaseSwitch().ifPresent(name -> flags.put("core." + name, "true"));
    flags.put("core.auth_api.type", "file");
    flags.put("core.auth_api.file.path", policy().toString());
    flags.put("core.auth_api.file.strict", "true");
    flags.put("core.onboard.auto_bootstrap_domain", "localhost");
    flags.put("core.operations.address", "127.0.0.1");
    flags.putIfAbsent("core.operations.port", "0");
    return KmsConfig.load(ConfigSources.none().withEnvironment(variables).withFlags(flags));
  }

  @Override
  public void close() {
    pccs.close();
    try {
      agent.close();
      if (!socketFolder.equals(folder)) {
        Files.deleteIfExists(socketFolder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path socketFolder(Path folder) throws IOException {
    boolean fits = folder.resolve("agent.sock").toString().length() <= LONGEST_SOCKET_PATH;
    return fits ? folder : Files.createTempDirectory("kms-dev");
  }
}
