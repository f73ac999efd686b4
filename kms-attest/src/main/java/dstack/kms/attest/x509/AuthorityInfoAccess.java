package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.GeneralName;

/** Reads the authority information access extension (1.3.6.1.5.5.7.1.1). */
final class AuthorityInfoAccess {
  private static final int LIMIT = 8192;

  private AuthorityInfoAccess() {}

  /** The first URI at which the issuer's certificate lies. */
  static Optional<String> firstIssuerUri(Bytes value) {
    AuthorityInformationAccess access =
        AuthorityInformationAccess.getInstance(StrictDer.parseSequence(value, LIMIT));
    for (AccessDescription description : access.getAccessDescriptions()) {
      GeneralName location = description.getAccessLocation();
      if (description.getAccessMethod().equals(AccessDescription.id_ad_caIssuers)
          && location.getTagNo() == GeneralName.uniformResourceIdentifier) {
        return Optional.of(ASN1IA5String.getInstance(location.getName()).getString());
      }
    }
    return Optional.empty();
  }
}
