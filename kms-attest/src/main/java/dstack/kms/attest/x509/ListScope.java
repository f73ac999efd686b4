package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;

/**
 * For which of its issuer's certificates a revocation list speaks: the issuing distribution point
 * extension (2.5.29.28).
 *
 * @param uris of which the certificate must name one; any certificate if there is none
 */
record ListScope(List<String> uris, boolean onlyEndEntities, boolean onlyAuthorities) {
  private static final int LIMIT = 4096;

  static final ListScope EVERYTHING = new ListScope(List.of(), false, false);

  /** Refuses indirect lists, lists of some reasons, and points that are named otherwise. */
  static ListScope read(Bytes value) {
    ASN1Primitive parsed = StrictDer.parse(value, LIMIT);
    if (!(parsed instanceof ASN1Sequence)) {
      throw unsupported();
    }
    IssuingDistributionPoint point = IssuingDistributionPoint.getInstance(parsed);
    DistributionPointName name = point.getDistributionPoint();
    List<String> uris = DistributionPoints.uris(name);
    if (point.isIndirectCRL()
        || point.onlyContainsAttributeCerts()
        || point.getOnlySomeReasons() != null
        || (name != null && uris.isEmpty())) {
      throw unsupported();
    }
    return new ListScope(uris, point.onlyContainsUserCerts(), point.onlyContainsCACerts());
  }

  boolean covers(UnverifiedCertificate certificate) {
    return !(onlyEndEntities && certificate.isCa())
        && !(onlyAuthorities && !certificate.isCa())
        && (uris.isEmpty() || !Collections.disjoint(uris, certificate.revocationListUris()));
  }

  private static RefusalException unsupported() {
    return new RefusalException(PathRefusal.UNSUPPORTED, "UnsupportedCrlIssuingDistributionPoint");
  }
}
