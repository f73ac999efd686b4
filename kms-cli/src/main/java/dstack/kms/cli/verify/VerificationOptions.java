package dstack.kms.cli.verify;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralEndpoint;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.UnixSeconds;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.TrustAnchor;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
      paramLabel = "[KIND=]FILE",
      converter = RootCaArgument.Converter.class,
      description = {
        "Root certificate, PEM or DER, instead of the vendor's.",
        "KIND is a key of core.attestation.root_ca; without it the root is that of the evidence's"
            + " own platform. May be repeated."
      })
  private List<RootCaArgument> roots = List.of();

  /** Verifies quotes under the chosen root. */
  QuoteVerifier quoteVerifier() {
    TdxTrustAnchor anchor =
        root(TrustAnchor.TDX, true).map(TdxTrustAnchor::external).orElseGet(TdxTrustAnchor::intel);
    return new QuoteVerifier(anchor, SignatureVerifiers.named("auto"));
  }

  /**
   * The root that was given in the place of the vendor's, if one was.
   *
   * @param isOwn whether a root without a kind is meant for that place
   */
  Optional<Bytes> root(TrustAnchor anchor, boolean isOwn) {
    return roots.stream()
        .filter(root -> root.anchor().map(anchor::equals).orElse(isOwn))
        .reduce((first, last) -> last)
        .map(root -> root.file().content());
  }

  /**
   * The file's collateral, or that of the service, checked by the verifier at that clock's time.
   */
  ChosenCollateral collateral(QuoteVerifier verifier, InstantSource clock) {
    return collateral == null
        ? ChosenCollateral.fetched(pccs, verifier, clock)
        : ChosenCollateral.given(Collateral.fromJson(collateral.text()));
  }

  /** Whether evidence is looked at as of a time that is not the present. */
  boolean isArchived() {
    return now != null;
  }

  /** A clock that stands at the chosen time, or else the given one. */
  InstantSource clock(InstantSource otherwise) {
    return now == null ? otherwise : InstantSource.fixed(now);
  }
}
