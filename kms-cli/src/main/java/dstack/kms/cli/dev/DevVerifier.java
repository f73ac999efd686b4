package dstack.kms.cli.dev;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.issuer.BoundedFetch;
import dstack.kms.attest.issuer.FetchedIssuerDocuments;
import dstack.kms.attest.issuer.HostPatterns;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.Reach;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.snp.AmdKds;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.TrustRoots;
import dstack.kms.attest.verify.VerificationParts;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AttestationConfig;
import dstack.kms.core.config.TrustAnchor;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.sim.platform.SimulatedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Verifiers of the check's own, over the platform's collateral and documents. They fetch from
 * loopback, as the development server itself does.
 */
final class DevVerifier implements AutoCloseable {
  private static final SignatureVerifier SIGNATURES = SignatureVerifiers.named("auto");

  private final SimulatedPlatform platform;
  private final AttestationConfig config;
  private final BoundedFetch fetch =
      new BoundedFetch(
          HostPatterns.amazon(), Reach.PUBLIC_AND_LOOPBACK, BoundedFetch.Limits.DEFAULT);
  private final AmdKds kds;

  DevVerifier(DevHost host) {
    platform = host.platform();
    config = host.config(0, Map.of()).attestation();
    kds =
        new AmdKds(
            config.amdKds().uri(),
            AmdKds.Settings.within(config.snp().kdsDeadline()),
            platform::now);
  }

  /** Under the simulated roots. */
  AttestationVerifier ofPlatform() {
    Map<TrustAnchor, Bytes> roots = new EnumMap<>(TrustAnchor.class);
    config.rootCa().forEach((anchor, file) -> roots.put(anchor, content(file)));
    return under(TrustRoots.replacing(roots, SIGNATURES));
  }

  /** Under the vendors' roots, which must refuse. */
  AttestationVerifier ofVendors() {
    return under(TrustRoots.vendors());
  }

  private AttestationVerifier under(TrustRoots roots) {
    IssuerDocuments documents = new FetchedIssuerDocuments(fetch, platform::now);
    VerificationParts parts =
        new VerificationParts(
            SIGNATURES,
            new QuoteVerifier(roots.tdx(), SIGNATURES),
            quote -> Collateral.fromJson(platform.collateral().toJson()),
            documents,
            documents,
            documents,
            kds,
            RevocationRule.REQUIRED,
            Set::of,
            platform::now,
            platform::now);
    return new AttestationVerifier(parts.under(roots, config));
  }

  private static Bytes content(Path file) {
    try {
      return Bytes.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw DevRefusal.FOLDER.because("cannot read the simulated root", e);
    }
  }

  @Override
  public void close() {
    kds.close();
    fetch.close();
  }
}
