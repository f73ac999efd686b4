package dstack.kms.attest.issuer;

import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * Where issuers' certificates and revocation lists come from. Nothing that it returns is authentic
 * until a signature over it was checked; who has checked it says so, and only then may a source
 * keep it.
 */
public interface IssuerDocuments {
  /**
   * The certificate at the address that another one gives for its issuer, DER.
   *
   * @throws dstack.kms.core.refusal.RefusalException of the kind {@code UNAVAILABLE} if it cannot
   *     be had, or {@code REFUSED} if the address is not one that may be asked
   */
  Bytes certificate(String uri);

  /** The same, for a source that knows its documents by name. */
  default Bytes certificate(String uri, DistinguishedName subject) {
    return certificate(uri);
  }

  /**
   * The revocation list of an issuer at a distribution point that one of its certificates names;
   * empty where this source does not have it and the caller has to decide what that means.
   *
   * @throws dstack.kms.core.refusal.RefusalException as above, or if what lies there is no list
   */
  Optional<RevocationList> revocationList(String uri, DistinguishedName issuer);

  /** Tells that the certificate from that address led to a trust anchor. */
  void authentic(String uri, Bytes certificate);

  /** Tells that the list from that address was signed by the issuer and is in force. */
  void authentic(String uri, RevocationList list);
}
