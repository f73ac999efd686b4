package dstack.kms.onboard.node;

import dstack.kms.attest.collateral.CollateralService;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.image.store.DownloadCounts;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.ImageCheck;
import dstack.kms.attest.verify.PlatformVerifiers;
import dstack.kms.attest.verify.TrustRoots;
import dstack.kms.attest.verify.VerificationParts;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The verifier of this node with its collateral.
 *
 * @param attestations verifies evidence
 * @param images verifies OS images, or leaves them to the authority
 * @param downloads how those of images went
 * @param signatures verifies signatures
 * @param collateral keeps what evidence is verified against
 * @param own this node as a key provider that apps may pin
 * @param toClose in this order
 */
record Verification(
    AttestationVerifier attestations,
    ImageCheck images,
    DownloadCounts downloads,
    SignatureVerifier signatures,
    CollateralService collateral,
    OwnKeyProvider own,
    List<Runnable> toClose)
    implements AutoCloseable {

  static Verification of(KmsConfig config, NodeContext context) {
    SignatureVerifier signatures = SignatureVerifiers.named(config.cryptoProvider().word());
    AttestationConfig attestation = config.attestation();
    TrustRoots roots = ConfiguredRoots.of(config, signatures);
    QuoteVerifier quotes = new QuoteVerifier(roots.tdx(), signatures);
    ScheduledExecutorService scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("collateral").factory());
    CollateralService collateral =
        new CollateralService(
            ConfiguredCollateral.settings(attestation),
            quotes.collateralCheck(),
            context.clock(),
            scheduler,
            context.random());
    IssuerSources issuers = IssuerSources.of(config, context.clock());
    OwnKeyProvider own = new OwnKeyProvider();
    VerificationParts parts =
        new VerificationParts(
            signatures,
            quotes,
            collateral,
            issuers.google(),
            issuers.amazon(),
            issuers.amd(),
            issuers.kds(),
            RevocationRule.REQUIRED,
            own::ids,
            context.clock(),
            context.clock());
    PlatformVerifiers platforms = parts.under(roots, attestation);
    ConfiguredImages images = ConfiguredImages.of(config, context.clock());
    List<Runnable> toClose = new ArrayList<>(images.toClose());
    toClose.addAll(List.of(collateral::close, issuers::close, scheduler::shutdownNow));
    return new Verification(
        new AttestationVerifier(platforms),
        images.check(),
        images.downloads(),
        signatures,
        collateral,
        own,
        toClose);
  }

  @Override
  public void close() {
    toClose.forEach(Runnable::run);
  }
}
