package dstack.kms.cli.verify;

import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.UnixSeconds;
import dstack.kms.core.bytes.Bytes;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the evidence of platforms beside TDX is verified with. */
final class EvidenceOptions {
  @Option(
      names = "--issuer-file",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = {
        "Certificates or revocation lists, PEM or DER, instead of asking the vendors' services:",
        "intermediates, lists, an ASK, a VCEK. May be repeated."
      })
  private List<InputFile> files = List.of();

  @Option(
      names = "--tpm-now",
      paramLabel = "UNIX",
      converter = UnixSeconds.class,
      description = {
        "Judge the attestation key of a virtual TPM as of this time, where it is younger than the",
        "collateral at hand; by default as --now, but never before its certificate begins."
      })
  private @Nullable Instant tpmNow;

  @Option(
      names = "--kds",
      paramLabel = "URL",
      defaultValue = "https://kdsintf.amd.com/vcek/v1",
      converter = KdsAddress.class,
      description = "Service to ask for AMD's certificates; by default ${DEFAULT-VALUE}.")
  private URI kds;

  /** The contents of the given files. */
  List<Bytes> files() {
    return files.stream().map(InputFile::content).toList();
  }

  /** Where AMD's certificates are asked for. */
  URI kds() {
    return kds;
  }

  /** The clock for attestation keys of virtual TPMs, if they have one of their own. */
  InstantSource tpmClock(InstantSource otherwise) {
    return tpmNow == null ? otherwise : InstantSource.fixed(tpmNow);
  }

  /** Whether that clock was given. */
  boolean hasTpmClock() {
    return tpmNow != null;
  }
}
