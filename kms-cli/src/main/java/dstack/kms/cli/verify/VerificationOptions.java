package dstack.kms.cli.verify;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralEndpoint;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.UnixSeconds;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Under which roots, with which collateral and at which time a command verifies. */
final class VerificationOptions {
  @Option(
      names = "--collateral",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "Collateral as JSON, instead of asking a service.")
  private @Nullable InputFile collateral;

  @Option(
      names = "--pccs",
      paramLabel = "URL",
      defaultValue = CollateralEndpoint.DEFAULT,
      converter = PccsAddress.class,
      description = "Service to ask for collateral; by default ${DEFAULT-VALUE}.")
  private CollateralEndpoint pccs;

  @Option(
      names = "--now",
      paramLabel = "UNIX",
      converter = UnixSeconds.class,
      description = "Verify as of this time, in seconds since 1970; by default now.")
  private @Nullable Instant now;

  @Option(
      names = "--root-ca",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "Root certificate, PEM or DER, instead of Intel's.")
  private @Nullable InputFile rootCa;

  /** Verifies quotes under the chosen root. */
  QuoteVerifier quoteVerifier() {
    TdxTrustAnchor anchor =
        rootCa == null ? TdxTrustAnchor.intel() : TdxTrustAnchor.external(rootCa.content());
    return new QuoteVerifier(anchor, SignatureVerifiers.named("auto"));
  }

  /**
   * The file's collateral, or that of the service, checked by the verifier at that clock's time.
   */
  ChosenCollateral collateral(QuoteVerifier verifier, InstantSource clock) {
    return collateral == null
        ? ChosenCollateral.fetched(pccs, verifier, clock)
        : ChosenCollateral.given(Collateral.fromJson(collateral.text()));
  }

  /** A clock that stands at the chosen time, or else the given one. */
  InstantSource clock(InstantSource otherwise) {
    return now == null ? otherwise : InstantSource.fixed(now);
  }
}
