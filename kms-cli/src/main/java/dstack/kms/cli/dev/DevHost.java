package dstack.kms.cli.dev;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
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

/**
 * What is around development servers: the platform's maker, its PCCS, a policy, a first machine.
 */
final class DevHost implements AutoCloseable {
  private final Path folder;
  private final SimulatedPlatform platform;
  private final PlatformKind kind;
  private final SimulatedPccs pccs;
  private final DevMachine first;
  private DevPolicy policy;
  private SimulatedGuest enclave;

  private DevHost(Path folder, PlatformKind kind, SimulatedPlatform platform) throws IOException {
    this.folder = folder;
    this.kind = kind;
    this.platform = platform;
    pccs = SimulatedPccs.serve(0, platform);
    first = DevMachine.boot(folder, platform, kind, 1);
    enclave = first.guest();
    FilePolicy file = new FilePolicy(folder.resolve("policy.json"));
    file.writeIfMissing(enclave);
    policy = file;
  }

  /** Starts the platform in the folder, with new roots if it is empty. */
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

  /** The policy of all servers; it may be edited while they run. */
  DevPolicy policy() {
    return policy;
  }

  /** From now on servers ask another policy, which knows that application. */
  void decideBy(DevPolicy other, Bytes app) {
    policy = other;
    enclave = platform.boot(first.guest().identity().change().appId(app).done());
  }

  SimulatedPlatform platform() {
    return platform;
  }

  /** The machine of the first server. */
  DevMachine first() {
    return first;
  }

  /** The guest that asks for its keys. */
  SimulatedGuest enclave() {
    return enclave;
  }

  /** Boots the machine of a further server, from 2. */
  DevMachine another(int number) {
    return DevMachine.boot(folder.resolve("node-" + number), platform, kind, number);
  }

  /** Another guest of the same kind, with these faults. */
  SimulatedGuest boot(SimulatedFault... faults) {
    return platform.boot(SimulatedIdentity.on(kind.usual()), faults);
  }

  PlatformKind kind() {
    return kind;
  }

  /** The configuration of the first server, which makes keys if there are none. */
  KmsConfig config(int port, Map<String, String> variables) {
    Map<String, String> flags = flags(first, port);
    flags.put("core.onboard.auto_bootstrap_domain", "localhost");
    return load(flags, variables);
  }

  /** The configuration of a further server, which waits at that port to be set up. */
  KmsConfig config(DevMachine machine, int port, Map<String, String> variables) {
    Map<String, String> flags = flags(machine, port);
    flags.put("core.onboard.address", "127.0.0.1");
    flags.put("core.onboard.port", String.valueOf(port));
    return load(flags, variables);
  }

  private Map<String, String> flags(DevMachine machine, int port) {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("rpc.address", "127.0.0.1");
    flags.put("rpc.port", String.valueOf(port));
    flags.put("core.cert_dir", machine.certificates().toString());
    flags.put("core.insecure_development", "true");
    flags.put("core.agent_address", machine.agentAddress());
    flags.put("core.image.verify", "false");
    flags.put("core.image.cache_dir", machine.images().toString());
    flags.put("core.attestation.insecure_allow_external_trust_anchors", "true");
    flags.put("core.attestation.urls.pccs", pccs.url());
    flags.put("core.attestation.urls.amd_kds", pccs.kdsUrl());
    platform
        .rootFiles(kind)
        .forEach((name, file) -> flags.put("core.attestation.root_ca." + name, file.toString()));
    kind.releaseSwitch().ifPresent(name -> flags.put("core." + name, "true"));
    flags.putAll(policy.settings());
    flags.put("core.operations.address", "127.0.0.1");
    flags.put("core.operations.port", "0");
    return flags;
  }

  /** No file is read. */
  private static KmsConfig load(Map<String, String> flags, Map<String, String> variables) {
    return KmsConfig.load(ConfigSources.none().withEnvironment(variables).withFlags(flags));
  }

  @Override
  public void close() {
    pccs.close();
    first.close();
  }
}
