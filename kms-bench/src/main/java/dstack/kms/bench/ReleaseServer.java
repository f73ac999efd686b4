package dstack.kms.bench;

import dstack.kms.core.annotation.Permitted;
import dstack.kms.core.authority.Authorities;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.node.NodeState;
import dstack.kms.rpc.tls.TlsDefaults;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.config.SimConfigFragment;
import dstack.kms.sim.config.SimulatedEndpoints;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.PlatformKind;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * A whole node on the simulated platform in the folder that is its argument; ends with its input.
 */
public final class ReleaseServer {
  private ReleaseServer() {}

  /** Prints the port of the main listener when it serves. */
  @Permitted("prints its port for the program that started it")
  public static void main(String[] args) throws Exception {
    TlsDefaults.apply();
    Path folder = Path.of(args[0]);
    SecureRandom random = new SecureRandom();
    SimulatedPlatform platform =
        SimulatedPlatform.open(folder.resolve("sim"), InstantSource.system(), random);
    Path socket = folder.resolve("agent.sock");
    try (AgentSocket agent = AgentSocket.serve(socket, platform, SimulatedIdentity.standard());
        SimulatedPccs pccs = SimulatedPccs.serve(0, platform);
        NodeRunner node = start(platform, folder, socket, pccs.port(), random)) {
      if (node.state() instanceof NodeState.Ready ready) {
        System.out.println(ready.main().getPort());
        while (System.in.read() >= 0) {}
      }
      java.util.Objects.requireNonNull(agent);
    }
  }

  private static NodeRunner start(
      SimulatedPlatform platform, Path folder, Path socket, int pccs, SecureRandom random)
      throws Exception {
    Path certificates = folder.resolve("certs");
    String toml =
        SimConfigFragment.toml(platform, PlatformKind.TDX, new SimulatedEndpoints(socket, pccs))
            + """

            [rpc]
            address = "127.0.0.1"
            port = 0

            [core.operations]
            enabled = false

            [core.auth_api]
            type = "dev"

            [core.onboard]
            auto_bootstrap_domain = "localhost"
            """;
    Path file = Files.writeString(folder.resolve("kms.toml"), toml);
    ConfigSources sources =
        ConfigSources.ofProcess(
            java.util.Optional.of(file.toString()),
            java.util.Map.of("core.cert_dir", certificates.toString()));
    return NodeRunner.start(
        KmsConfig.load(sources),
        new NodeContext(InstantSource.system(), random, "0", "v0 (git:0)", Authorities::of));
  }
}
