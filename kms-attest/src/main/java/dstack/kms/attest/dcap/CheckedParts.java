package dstack.kms.attest.dcap;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.quote.CertificationData;
import dstack.kms.attest.x509.PathRules;
import dstack.kms.attest.x509.PathValidator;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifier;
import java.time.Instant;
import java.util.List;

/**
 * The steps that depend on the collateral and the platform but not on the quote, each kept by
 * content while it holds (specification 41 §4, rows 1 to 8).
 */
final class CheckedParts {
  private final TdxTrustAnchor anchor;
  private final SignatureVerifier verifier;
  private final DocumentSigner signers;
  private final PartCache<Revocation.Key, Revocation> revocations =
      new PartCache<>(64, Revocation::window);
  private final PartCache<VerifiedTcbInfo.Key, VerifiedTcbInfo> tcbInfos =
      new PartCache<>(256, VerifiedTcbInfo::window);
  private final PartCache<VerifiedQeIdentity.Key, VerifiedQeIdentity> qeIdentities =
      new PartCache<>(64, VerifiedQeIdentity::window);
  private final PartCache<VerifiedPck.Key, VerifiedPck> pcks =
      new PartCache<>(2048, VerifiedPck::window);

  CheckedParts(TdxTrustAnchor anchor, SignatureVerifier verifier) {
    this.anchor = anchor;
    this.verifier = verifier;
    this.signers = new DocumentSigner(anchor, verifier);
  }

  /** The implementation of ECDSA that remembers what held. */
  SignatureVerifier verifier() {
    return verifier;
  }

  Revocation revocation(Collateral collateral, Instant now) {
    Revocation.Key key = new Revocation.Key(collateral.rootCaCrl(), collateral.pckCrl());
    return revocations.get(key, now, () -> Revocation.check(key, anchor, verifier, now));
  }

  VerifiedTcbInfo tcbInfo(Revocation revocation, Collateral collateral, Instant now) {
    VerifiedTcbInfo.Key key = VerifiedTcbInfo.Key.of(revocation, collateral);
    return tcbInfos.get(
        key, now, () -> VerifiedTcbInfo.check(key, signers, paths(revocation, now), now));
  }

  VerifiedQeIdentity qeIdentity(Revocation revocation, Collateral collateral, Instant now) {
    VerifiedQeIdentity.Key key = VerifiedQeIdentity.Key.of(revocation, collateral);
    return qeIdentities.get(
        key, now, () -> VerifiedQeIdentity.check(key, signers, paths(revocation, now), now));
  }

  VerifiedPck pck(
      Revocation revocation, Collateral collateral, CertificationData certification, Instant now) {
    List<Bytes> chain = VerifiedPck.chain(collateral, certification);
    return pcks.get(
        VerifiedPck.Key.of(revocation, chain),
        now,
        () -> VerifiedPck.check(chain, anchor, paths(revocation, now)));
  }

  PathValidator paths(Revocation revocation, Instant now) {
    return new PathValidator(anchor.anchor(), PathRules.tdx(), revocation.lists(), verifier, now);
  }
}
