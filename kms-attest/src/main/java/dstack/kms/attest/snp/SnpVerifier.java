package dstack.kms.attest.snp;

import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.issuer.VerifiedChain;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformVerifier;
import dstack.kms.attest.snp.launch.LaunchVerifier;
import dstack.kms.attest.snp.report.PlatformRequirements;
import dstack.kms.attest.snp.report.ReportPolicy;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.attest.x509.SignedPath;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Verifies evidence of AMD SEV-SNP guests (specification 16 §3): the report up to AMD's root, the
 * fixed rules and the operator's, the report data, and the guest's configuration by the host data.
 * That the measurement is an image's is checked where identity is taken, see {@link
 * VerifiedSevSnp#appInfo}.
 *
 * <p>A report that names no processor is tried under each family. AMD is asked for certificates
 * only after everything was checked that does not need them.
 */
public final class SnpVerifier implements PlatformVerifier<SevSnpEvidence> {
  private static final String BY_KDS = "amd sev-snp verification failed";

  private final SnpChain chains;
  private final KdsSource kds;
  private final PlatformRequirements requirements;
  private final Duration kdsDeadline;
  private final InstantSource clock;

  /**
   * A verifier under these roots.
   *
   * @param documents where AMD's revocation lists come from
   * @param revocation what a missing list means
   */
  public SnpVerifier(
      SnpTrustAnchors anchors,
      KdsSource kds,
      IssuerDocuments documents,
      RevocationRule revocation,
      SnpEvidenceConfig config,
      SignatureVerifier verifier,
      InstantSource clock) {
    this.chains = new SnpChain(anchors, documents, revocation, verifier);
    this.kds = kds;
    this.requirements = new PlatformRequirements(config);
    this.kdsDeadline = config.kdsDeadline();
    this.clock = clock;
  }

  @Override
  public VerifiedSevSnp verify(SevSnpEvidence evidence, Claims claims) {
    SnpReport report = SnpReport.parse(evidence.report());
    return evidence.certChain().isEmpty()
        ? verifyByKds(report, evidence, claims)
        : verifyByGiven(report, evidence, claims);
  }

  private VerifiedSevSnp verifyByGiven(SnpReport report, SevSnpEvidence evidence, Claims claims) {
    SnpCertificates given = SnpCertificates.of(evidence.certChain());
    ProductAttempts attempts =
        new ProductAttempts("amd sev-snp report verification failed for supported products");
    Authenticated found =
        attempts.firstOf(
            SnpProduct.candidatesFor(report), product -> underGiven(product, report, given));
    requireBinding(report, evidence, claims);
    return described(report, found, claims);
  }

  private VerifiedSevSnp verifyByKds(SnpReport report, SevSnpEvidence evidence, Claims claims) {
    requireWorthAsking(report);
    requireBinding(report, evidence, claims);
    KdsDeadline deadline = KdsDeadline.in(kdsDeadline);
    Authenticated found =
        new ProductAttempts(BY_KDS)
            .firstOf(
                SnpProduct.candidatesFor(report),
                product -> {
                  requireAcceptable(product, report);
                  return underKds(product, report, deadline);
                });
    return described(report, found, claims);
  }

  /** Nobody is asked about a report that no family would be accepted with. */
  private void requireWorthAsking(SnpReport report) {
    var _ =
        new ProductAttempts(BY_KDS)
            .firstOf(
                SnpProduct.candidatesFor(report),
                product -> {
                  requireAcceptable(product, report);
                  return product;
                });
  }

  private void requireAcceptable(SnpProduct product, SnpReport report) {
    requirements.requireAllowed(product);
    ReportPolicy.require(report);
    requirements.require(product, report);
  }

  /** A product under whose root the report's signature holds. */
  private record Authenticated(SnpProduct product, VerifiedChain chain) {}

  private Authenticated underGiven(SnpProduct product, SnpReport report, SnpCertificates given) {
    requirements.requireAllowed(product);
    Instant now = clock.instant();
    SignedPath path = chains.path(product, List.of(given.ask()), given.vcek(), report, now);
    return signed(product, report, path, now);
  }

  private Authenticated underKds(SnpProduct product, SnpReport report, KdsDeadline deadline) {
    Instant now = clock.instant();
    Bytes vcek = kds.vcek(product, report, deadline);
    SignedPath path;
    Optional<Bytes> fetched;
    try {
      List<Bytes> known = chains.knownAsksOf(product, vcek);
      fetched = known.isEmpty() ? Optional.of(kds.ask(product, deadline)) : Optional.empty();
      path = chains.path(product, fetched.map(List::of).orElse(known), vcek, report, now);
    } catch (RefusalException e) {
      if (e.code().kind() != RefusalKind.UNAVAILABLE) {
        kds.rejected(product, report);
      }
      throw e;
    }
    kds.authentic(product, report, vcek, fetched);
    return signed(product, report, path, now);
  }

  /** The report's own signature, then what it says, and only then AMD's lists. */
  private Authenticated signed(SnpProduct product, SnpReport report, SignedPath path, Instant now) {
    chains.requireSigned(report, path);
    ReportPolicy.require(report);
    requirements.require(product, report);
    return new Authenticated(product, chains.unrevoked(product, path, now));
  }

  private static void requireBinding(SnpReport report, SevSnpEvidence evidence, Claims claims) {
    if (!report.reportData().equals(claims.reportData().value())) {
      throw SnpRefusal.REPORT_DATA.because("amd sev-snp report_data mismatch");
    }
    LaunchVerifier.requireHostData(report.hostData(), evidence.mrConfig());
  }

  private static VerifiedSevSnp described(SnpReport report, Authenticated found, Claims claims) {
    return new VerifiedSevSnp(report, found.product(), claims.config(), found.chain().unchecked());
  }
}
