package dstack.kms.cli.sim;

import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine.Option;

/** Which simulated platform a command is about. */
final class PlatformOptions {
  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the simulated roots; they are made if they are not there.")
  private Path folder;

  @Option(
      names = "--platform",
      paramLabel = "P",
      defaultValue = "tdx",
      converter = SimulatedKind.Converter.class,
      description = "Kind of platform: tdx.")
  private SimulatedKind platform;

  /** The folder as given. */
  Path folder() {
    return folder;
  }

  /** The platform of that folder, with new roots if there are none. */
  SimulatedPlatform open(InstantSource clock, SecureRandom random) {
    try {
      return switch (platform) {
        case TDX -> SimulatedPlatform.open(folder, clock, random);
      };
    } catch (UncheckedIOException e) {
      throw SimRefusal.FOLDER.because("cannot use the folder " + folder, e);
    }
  }
}
