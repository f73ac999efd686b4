package dstack.kms.attest.dcap;

import dstack.kms.attest.collateral.CheckedCollateral;
import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralCheck;
import dstack.kms.attest.collateral.CollateralKey;
import dstack.kms.attest.x509.ChainSignatures;
import dstack.kms.attest.x509.PathRefusal;
import dstack.kms.attest.x509.PckCa;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.attest.x509.ValidityWindow;
import dstack.kms.attest.x509.VerifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Checks collateral without a quote: every signature and date of it, and that it is for the
 * platforms that were asked about.
 */
final class CollateralVerifier implements CollateralCheck {
  private final TdxTrustAnchor anchor;
  private final CheckedParts parts;

  CollateralVerifier(TdxTrustAnchor anchor, CheckedParts parts) {
    this.anchor = anchor;
    this.parts = parts;
  }

  @Override
  public CheckedCollateral check(Collateral collateral, CollateralKey key, Instant now) {
    Revocation revocation = parts.revocation(collateral, now);
    requireRootListFirst(revocation);
    VerifiedTcbInfo tcbInfo = parts.tcbInfo(revocation, collateral, now);
    VerifiedQeIdentity qeIdentity = parts.qeIdentity(revocation, collateral, now);
    qeIdentity.requireFor(key.tee());
    PlatformTcb.requireSamePlatforms(tcbInfo.content(), key.tee(), key.fmspc());
    VerifiedCertificate pckCa = pckCa(collateral, revocation, key.ca(), now);
    RevocationList pckCrl = pckCrl(revocation, pckCa, now);
    return new CheckedCollateral(
        collateral,
        window(revocation, tcbInfo, qeIdentity, pckCa)
            .and(ValidityWindow.between(pckCrl.thisUpdate(), pckCrl.nextUpdate().minusSeconds(1))),
        new CheckedCollateral.Issued(
            tcbInfo.dates().issueDate(),
            qeIdentity.dates().issueDate(),
            revocation.root().thisUpdate(),
            pckCrl.thisUpdate()));
  }

  @Override
  public boolean isIssuedUnderAnchor(List<Bytes> chain) {
    return ChainSignatures.leadTo(anchor.anchor(), chain, parts.verifier());
  }

  @Override
  public Optional<String> rootRevocationListUri() {
    return anchor.anchor().certificate().revocationListUri();
  }

  /** A verification takes the lists in either order; dates are kept only of the right one. */
  private void requireRootListFirst(Revocation revocation) {
    Bytes root = anchor.anchor().certificate().issuer().der();
    if (!revocation.root().issuer().der().equals(root)) {
      throw new RefusalException(PathRefusal.REVOCATION_UNKNOWN, "UnknownRevocationStatus");
    }
  }

  private VerifiedCertificate pckCa(
      Collateral collateral, Revocation revocation, PckCa ca, Instant now) {
    try {
      List<Bytes> chain = PemChain.split(collateral.pckCrlIssuerChain());
      if (chain.isEmpty()) {
        throw DcapRefusal.PCK_CHAIN.refuse("Certificate chain is too short for PCK CRL");
      }
      UnverifiedCertificate authority = UnverifiedCertificate.parse(chain.getFirst());
      VerifiedCertificate verified =
          parts.paths(revocation, now).verifyAuthority(authority, chain.subList(1, chain.size()));
      if (anchor.isIntel() && PckCa.ofSubject(authority) != ca) {
        throw DcapRefusal.PCK_CHAIN.refuse("expected the " + ca.id() + " CA");
      }
      return verified;
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to verify PCK CRL issuer chain");
    }
  }

  private static RevocationList pckCrl(
      Revocation revocation, VerifiedCertificate pckCa, Instant now) {
    try {
      return revocation.lists().requireListOf(pckCa, now);
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to verify PCK CRL");
    }
  }

  private static ValidityWindow window(
      Revocation revocation,
      VerifiedTcbInfo tcbInfo,
      VerifiedQeIdentity qeIdentity,
      VerifiedCertificate pckCa) {
    return revocation.window().and(tcbInfo.window()).and(qeIdentity.window()).and(pckCa.window());
  }
}
