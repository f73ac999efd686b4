package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1String;

/**
 * A certificate's name. Two names are the same only if their DER encodings are equal.
 *
 * @param der the encoded name
 * @param commonName the value of the only commonName; empty if there is none or more than one
 */
public record DistinguishedName(Bytes der, String commonName) {
  private static final String COMMON_NAME = "2.5.4.3";

  static DistinguishedName read(ASN1Encodable encoded) {
    String found = "";
    int count = 0;
    for (ASN1Encodable relative : StrictDer.sequence(encoded)) {
      for (ASN1Encodable attribute : StrictDer.as(relative, ASN1Set.class)) {
        ASN1Sequence pair = StrictDer.sequence(attribute);
        if (pair.size() != 2) {
          throw StrictDer.badDer();
        }
        String oid = StrictDer.as(pair.getObjectAt(0), ASN1ObjectIdentifier.class).getId();
        if (oid.equals(COMMON_NAME) && pair.getObjectAt(1) instanceof ASN1String text) {
          found = text(text);
          count++;
        }
      }
    }
    return new DistinguishedName(StrictDer.encode(encoded), count == 1 ? found : "");
  }

  private static String text(ASN1String value) {
    try {
      return value.getString();
    } catch (IllegalArgumentException e) {
      throw StrictDer.badDer(e); // Bouncy Castle's word for text that is no UTF-8
    }
  }
}
