package dstack.kms.attest.issuer;

import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;

/** Real certificates of the vectors. */
final class RealChains {
  private RealChains() {}

  static TrustAnchor anchor(String pem) {
    return TrustAnchor.ofPem(Vectors.text("platforms/" + pem));
  }

  static Bytes pem(String name) {
    return PemChain.split(Vectors.text("platforms/" + name)).getFirst();
  }

  static UnverifiedCertificate certificate(String pem) {
    return UnverifiedCertificate.parse(pem(pem));
  }

  /** The certificates in a Nitro document as they stand there: leaf, root, regional, and so on. */
  static List<Bytes> nitro(String document) {
    Bytes bytes = Bytes.of(Vectors.bytes("platforms/nitro/" + document));
    List<Bytes> found = new ArrayList<>();
    int position = 0;
    while (position + 4 < bytes.length()) {
      int length = 4 + (bytes.at(position + 2) << 8 | bytes.at(position + 3));
      boolean starts = bytes.at(position) == 0x30 && bytes.at(position + 1) == 0x82;
      if (starts && position + length <= bytes.length() && parses(bytes, position, length)) {
        found.add(bytes.slice(position, position + length));
        position += length;
      } else {
        position++;
      }
    }
    return found;
  }

  private static boolean parses(Bytes bytes, int from, int length) {
    try {
      return !UnverifiedCertificate.parse(bytes.slice(from, from + length)).der().isEmpty();
    } catch (RefusalException refusal) {
      return false;
    }
  }
}
