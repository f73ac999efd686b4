package dstack.kms.cli.sim;

import dstack.kms.sim.config.SimulatedEndpoints;
import dstack.kms.sim.platform.PlatformKind;
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
      converter = PlatformWord.class,
      description = "Kind of platform: tdx, gcp-tdx, nitro, nitro-tpm, sev-snp.")
  private PlatformKind kind;

  /** The folder as given. */
  Path folder() {
    return folder;
  }

  /** Which of the folder's platforms is meant. */
  PlatformKind kind() {
    return kind;
  }

  /** The platform of that folder, with new roots if there are none. */
  SimulatedPlatform open(InstantSource clock, SecureRandom random) {
    try {
      SimulatedPlatform platform = SimulatedPlatform.open(folder, clock, random);
      // Certificates name the address of the services that were last started for this folder.
      platform.serveDocumentsAt(SimulatedEndpoints.of(folder).pccsPort());
      return platform;
    } catch (UncheckedIOException e) {
      throw SimRefusal.FOLDER.because("cannot use the folder " + folder, e);
    }
  }
}
