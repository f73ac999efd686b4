package dstack.kms.cli.sim;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.sim.config.SimConfigFragment;
import dstack.kms.sim.config.SimulatedEndpoints;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the kms.toml fragment with which a server trusts a simulated platform. */
@Command(
    name = "config",
    description = "Prints the kms.toml fragment with which a server trusts these roots.")
public final class SimConfigCommand implements Callable<Integer> {
  private final InstantSource clock;
  private final SecureRandom random;

  @Spec private CommandSpec spec;
  @Mixin private PlatformOptions platformOptions;

  /** A command that makes missing roots by that clock and source. */
  public SimConfigCommand(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Integer call() {
    SimulatedPlatform platform = platformOptions.open(clock, random);
    SimulatedEndpoints endpoints = SimulatedEndpoints.of(platformOptions.folder());
    String toml = fragment(platform, endpoints);
    spec.commandLine().getOut().print(toml);
    spec.commandLine().getOut().flush();
    return ExitStatus.DONE.number();
  }

  /** Makes every root that the fragment names: a server refuses to start without them. */
  private String fragment(SimulatedPlatform platform, SimulatedEndpoints endpoints) {
    try {
      return SimConfigFragment.toml(platform, platformOptions.kind(), endpoints);
    } catch (UncheckedIOException e) {
      throw SimRefusal.FOLDER.because("cannot use the folder " + platformOptions.folder(), e);
    }
  }
}
