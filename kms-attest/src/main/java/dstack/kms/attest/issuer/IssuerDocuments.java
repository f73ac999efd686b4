package dstack.kms.attest.issuer;

import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/**
 * Where issuers' certificates and revocation lists come from. Nothing that it returns is authentic
 * until a signature over it was checked.
 */
public interface IssuerDocuments {
  /**
   * The certificate at the address that another one gives for its issuer, DER.
   *
   * @throws dstack.kms.core.refusal.RefusalException of the kind {@code UNAVAILABLE} if it cannot
   *     be had, or {@code REFUSED} if the address is not one that may be asked
   */
  Bytes certificate(String uri);

  /**
   * The revocation list at a distribution point, DER; empty where this source never has lists and
   * the caller has to decide what that means.
   *
   * @throws dstack.kms.core.refusal.RefusalException as above
   */
  Optional<Bytes> revocationList(String uri);
}
