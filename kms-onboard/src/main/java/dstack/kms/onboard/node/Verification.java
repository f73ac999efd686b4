package dstack.kms.onboard.node;

import dstack.kms.attest.collateral.CollateralEndpoint;
import dstack.kms.attest.collateral.CollateralService;
import dstack.kms.attest.collateral.CollateralSettings;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.ImageCheck;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.attest.verify.VerifyRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.config.TrustAnchor;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The verifier of this node with its collateral.
 *
 * @param attestations verifies evidence
 * @param images verifies OS images, or leaves them to the authority
 * @param signatures verifies signatures
 * @param collateral keeps what evidence is verified against
 * @param scheduler renews it
 */
record Verification(
    AttestationVerifier attestations,
    ImageCheck images,
    SignatureVerifier signatures,
    CollateralService collateral,
    ScheduledExecutorService scheduler)
    implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration REFRESH_AFTER = Duration.ofHours(1);
  private static final Duration BACK_OFF = Duration.ofSeconds(10);
  private static final int CONCURRENT_FETCHES = 16;

  static Verification of(KmsConfig config, NodeContext context) {
    SignatureVerifier signatures = SignatureVerifiers.named(config.cryptoProvider().word());
    QuoteVerifier quotes = new QuoteVerifier(anchor(config), signatures);
    CollateralSettings settings = settings(config.attestation());
    ScheduledExecutorService scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("collateral").factory());
    CollateralService collateral =
        new CollateralService(
            settings, quotes.collateralCheck(), context.clock(), scheduler, context.random());
    return new Verification(
        new AttestationVerifier(
            PlatformVerifiers.onlyTdx(new TdxVerifier(quotes, collateral, context.clock()))),
        images(config),
        signatures,
        collateral,
        scheduler);
  }

  private static ImageCheck images(KmsConfig config) {
    if (!config.image().verify()) {
      return ImageCheck.none();
    }
    return (evidence, vmConfig) -> {
      throw new RefusalException(
          VerifyRefusal.IMAGE_NOT_VERIFIED,
          "Failed to verify os image hash: Failed to verify os image hash:"
              + " this server cannot verify OS images; set core.image.verify = false to rely on"
              + " the authority's list of images");
    };
  }

  /** Intel's root, unless both switches allow another one (specification 00 §7). */
  private static TdxTrustAnchor anchor(KmsConfig config) {
    Path external = config.attestation().rootCa().get(TrustAnchor.TDX);
    if (external == null) {
      return TdxTrustAnchor.intel();
    }
    if (!config.attestation().externalTrustAnchors() || !config.insecureDevelopment()) {
      throw new RefusalException(
          NodeRefusal.CONFIGURATION,
          "external attestation trust anchors need insecure_allow_external_trust_anchors and"
              + " core.insecure_development");
    }
    return TdxTrustAnchor.external(content(external));
  }

  private static Bytes content(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw RefusalException.causedBy(
          NodeRefusal.CONFIGURATION, "cannot read the trust anchor " + file, e);
    }
  }

  private static CollateralSettings settings(AttestationConfig config) {
    boolean tooShort =
        config
            .collateral()
            .maxAge()
            .filter(age -> age.compareTo(CollateralSettings.MIN_MAX_AGE) < 0)
            .isPresent();
    if (tooShort) {
      throw new RefusalException(
          NodeRefusal.CONFIGURATION,
          "core.attestation.collateral.max_age must be at least 31 days: Intel reissues some"
              + " documents no more often than monthly");
    }
    List<CollateralEndpoint> endpoints =
        config.pccs().stream().map(url -> CollateralEndpoint.of(url.uri().toString())).toList();
    return new CollateralSettings(
        endpoints,
        CONNECT,
        config.collateral().deadline(),
        REFRESH_AFTER,
        BACK_OFF,
        CONCURRENT_FETCHES,
        config.collateral().cacheDir(),
        config.collateral().maxAge());
  }

  @Override
  public void close() {
    collateral.close();
    scheduler.shutdownNow();
  }
}
