package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
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

  /** The URIs among the full names of all points, in their order. */
  static List<String> uris(Bytes value) {
    List<String> uris = new ArrayList<>();
    for (DistributionPoint point :
        CRLDistPoint.getInstance(StrictDer.parse(value, LIMIT)).getDistributionPoints()) {
      uris.addAll(uris(point.getDistributionPoint()));
    }
    return List.copyOf(uris);
  }

  /** The URIs of one point's full name; none if it has none. */
  static List<String> uris(@Nullable DistributionPointName name) {
    if (name == null || name.getType() != DistributionPointName.FULL_NAME) {
      return List.of();
    }
    List<String> uris = new ArrayList<>();
    for (GeneralName general : GeneralNames.getInstance(name.getName()).getNames()) {
      if (general.getTagNo() == GeneralName.uniformResourceIdentifier) {
        uris.add(ASN1IA5String.getInstance(general.getName()).getString());
      }
    }
    return uris;
  }
}
