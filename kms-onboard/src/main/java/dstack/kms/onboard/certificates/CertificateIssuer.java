package dstack.kms.onboard.certificates;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.store.CertificateSet;
import java.util.Optional;

/**
 * Makes a node's own certificates (specification 02 §5).
 *
 * <p>The server's certificate carries evidence over its key, made for it: in the container that the
 * quote source chose, stripped as current does (00 §9). Only a configuration that says {@code
 * attest_rpc_cert = false}, which needs insecure development, leaves it out.
 */
public final class CertificateIssuer {
  private static final String NO_QUOTE =
      "failed to get a quote for the KMS RPC certificate. The KMS attests itself through the dstack"
          + " guest agent, so it must run inside a dstack CVM. For local development set"
          + " attest_rpc_cert = false";

  private final Certificates certificates;
  private final KeyEvidence evidence;
  private final boolean attested;

  /**
   * @param certificates the profiles
   * @param quotes where evidence comes from
   * @param attested {@code core.attest_rpc_cert}
   */
  public CertificateIssuer(Certificates certificates, QuoteSource quotes, boolean attested) {
    this.certificates = certificates;
    evidence = new KeyEvidence(quotes, NO_QUOTE);
    this.attested = attested;
  }

  /** Whether the server's certificate carries evidence. */
  public boolean attested() {
    return attested;
  }

  /** All three certificates, new. */
  public CertificateSet issue(SigningKeys keys, RpcDomain domain) {
    CertificateAuthority root = rootCa(keys.rootCa());
    return new CertificateSet(
        root.pem(), tmpCa(keys.tmpCa()), rpc(root, keys.rpc().publicKey(), domain));
  }

  CertificateAuthority rootCa(P256PrivateKey key) {
    return certificates.rootCa(key);
  }

  String tmpCa(P256PrivateKey key) {
    return certificates.tempCa(key).pem();
  }

  /** A certificate for the server's own key, with evidence over it. */
  public String rpc(CertificateAuthority root, P256PublicKey key, RpcDomain domain) {
    Optional<Bytes> attestation = attested ? Optional.of(evidence.over(key)) : Optional.empty();
    return certificates.rpc(root, key, domain.text(), attestation);
  }
}
