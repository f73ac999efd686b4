package dstack.kms.cli.sim;

import dstack.kms.cli.input.ReportDataText;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import java.io.IOException;
import java.nio.file.Files;
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

/** Writes one attestation of a simulated guest. */
@Command(
    name = "attest",
    description = "Writes one attestation under the roots in DIR; without -o as hexadecimal.")
public final class SimAttestCommand implements Callable<Integer> {
  private final InstantSource clock;
  private final SecureRandom random;

  @Spec private CommandSpec spec;
  @Mixin private PlatformOptions platformOptions;
  @Mixin private IdentityOptions identityOptions;

  @Option(
      names = "--report-data",
      required = true,
      paramLabel = "HEX",
      converter = ReportDataText.class,
      description = "The 64 bytes that the evidence is bound to.")
  private ReportData reportData;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the raw bytes here.")
  private @Nullable Path output;

  /** A command that makes evidence by that clock and source. */
  public SimAttestCommand(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Integer call() {
    Bytes attestation =
        platformOptions
            .open(clock, random)
            .attest(identityOptions.identity(platformOptions.kind()), reportData);
    if (output == null) {
      spec.commandLine().getOut().println(attestation.hex());
    } else {
      write(attestation, output);
    }
    return ExitStatus.DONE.number();
  }

  private static void write(Bytes attestation, Path file) {
    try {
      Files.write(file, attestation.toArray());
    } catch (IOException e) {
      throw SimRefusal.OUTPUT.because("cannot write " + file, e);
    }
  }
}
