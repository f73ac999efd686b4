package dstack.kms.cli.sim;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.UntilStopped;
import dstack.kms.sim.agent.AgentSocket;
import dstack.kms.sim.config.SimulatedEndpoints;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the guest agent and the collateral of a simulated platform until it is stopped. */
@Command(
    name = "platform",
    description = "Serves a guest-agent socket and a PCCS on loopback until stopped.")
public final class SimPlatformCommand implements Callable<Integer> {
  private final InstantSource clock;
  private final SecureRandom random;

  @Spec private CommandSpec spec;
  @Mixin private PlatformOptions platformOptions;
  @Mixin private IdentityOptions identityOptions;

  @Option(names = "--socket", paramLabel = "PATH", description = "By default DIR/agent.sock.")
  private @Nullable Path socket;

  @Option(
      names = "--pccs-port",
      paramLabel = "N",
      description = "0 for any free port; by default that of the last start, at first 8081.")
  private @Nullable Integer pccsPort;

  /** A platform that goes by that clock and draws its keys from that source. */
  public SimPlatformCommand(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Integer call() {
    SimulatedPlatform platform = platformOptions.open(clock, random);
    SimulatedEndpoints kept = SimulatedEndpoints.of(platformOptions.folder());
    Path path = socket == null ? kept.socket() : socket;
    int port = pccsPort == null ? kept.pccsPort() : pccsPort;
    try (SimulatedPccs pccs = servePccs(port, platform);
        AgentSocket agent = serveAgent(path, platform)) {
      new SimulatedEndpoints(path, pccs.port()).keepIn(platform);
      print(pccs, agent, platform);
      UntilStopped.await();
    } catch (IOException e) {
      throw SimRefusal.ADDRESS.because("cannot close the socket " + path, e);
    }
    return ExitStatus.DONE.number();
  }

  private static SimulatedPccs servePccs(int port, SimulatedPlatform platform) {
    try {
      return SimulatedPccs.serve(port, platform);
    } catch (IOException e) {
      throw SimRefusal.ADDRESS.because("cannot listen at 127.0.0.1:" + port, e);
    }
  }

  private AgentSocket serveAgent(Path path, SimulatedPlatform platform) {
    try {
      return AgentSocket.serve(path, platform, identityOptions.identity(platformOptions.kind()));
    } catch (IOException e) {
      throw SimRefusal.ADDRESS.because("cannot listen at the socket " + path, e);
    }
  }

  private void print(SimulatedPccs pccs, AgentSocket agent, SimulatedPlatform platform) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("a SIMULATED platform: whoever has its folder can make any evidence");
    platform
        .rootFiles(platformOptions.kind())
        .forEach((name, file) -> out.println("root certificate: " + file + " (" + name + ")"));
    out.println("guest agent: " + agent.address());
    out.println("collateral: " + pccs.url());
    out.println(
        "configuration: kms sim config --dir "
            + platformOptions.folder()
            + " --platform "
            + platformOptions.kind().word());
    out.println("ready");
  }
}
