package dstack.kms.onboard.node;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import java.util.Set;

/**
 * This node as apps pin it: the subject public key info of its root CA. None while there are no
 * keys.
 */
final class OwnKeyProvider {
  private volatile Set<Bytes> ids = Set.of();

  /** From now on the node has this root CA. */
  void is(String rootCaPem) {
    ids = Set.of(ParsedCertificate.parse(Pem.decode(rootCaPem)).spki());
  }

  Set<Bytes> ids() {
    return ids;
  }
}
