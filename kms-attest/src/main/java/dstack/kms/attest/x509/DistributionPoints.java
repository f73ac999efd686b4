package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.jspecify.annotations.Nullable;

/** Reads the CRL distribution points extension (2.5.29.31). */
final class DistributionPoints {
  private static final int LIMIT = 8192;

  private DistributionPoints() {}

  /** The first URI among the full names of all points. */
  static Optional<String> firstUri(Bytes value) {
    for (DistributionPoint point :
        CRLDistPoint.getInstance(StrictDer.parse(value, LIMIT)).getDistributionPoints()) {
      Optional<String> uri = firstUri(point.getDistributionPoint());
      if (uri.isPresent()) {
        return uri;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> firstUri(@Nullable DistributionPointName name) {
    if (name == null || name.getType() != DistributionPointName.FULL_NAME) {
      return Optional.empty();
    }
    for (GeneralName general : GeneralNames.getInstance(name.getName()).getNames()) {
      if (general.getTagNo() == GeneralName.uniformResourceIdentifier) {
        return Optional.of(ASN1IA5String.getInstance(general.getName()).getString());
      }
    }
    return Optional.empty();
  }
}
