package dstack.kms.onboard.certificates;

import dstack.kms.core.certificate.CertificateAuthority;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.CertificateUpdate;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.KeyStore;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the certificates of stored keys again (specification 04 §3.3): the server's own every time,
 * with fresh evidence; those of the two CAs only when they are missing or end within 365 days. The
 * keys stay. May also run while the node serves.
 */
public final class CertificateRefresh {
  private static final Logger log = LoggerFactory.getLogger(CertificateRefresh.class);
  private static final String REFUSED =
      "Failed to reissue the attested KMS RPC certificate; refusing to start with a potentially"
          + " unattested certificate";

  private final KeyStore store;
  private final CertificateIssuer issuer;
  private final InstantSource clock;

  /** Renews what is in the store by this clock. */
  public CertificateRefresh(KeyStore store, CertificateIssuer issuer, InstantSource clock) {
    this.store = store;
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * Renews, stores and returns the certificates.
   *
   * <p>Where the server's certificate is attested, every failure refuses. Where it is not, a node
   * that has certificates goes on with those.
   *
   * @param present what is stored; empty if it is not complete
   */
  public CertificateSet refresh(KeySet keys, Optional<CertificateSet> present, RpcDomain domain) {
    try {
      return renew(keys, present, domain);
    } catch (RefusalException e) {
      if (issuer.attested() || present.isEmpty()) {
        throw e.within(issuer.attested() ? REFUSED : "Failed to update certs");
      }
      log.warn("Failed to update certs: {} ({})", e.text(), e.detail());
      return present.get();
    }
  }

  private CertificateSet renew(KeySet keys, Optional<CertificateSet> present, RpcDomain domain) {
    try (SigningKeys signing = SigningKeys.of(keys)) {
      Optional<CertificateAuthority> oldRoot =
          present
              .map(CertificateSet::rootCa)
              .filter(this::lasts)
              .map(pem -> CertificateAuthority.of(pem, signing.rootCa()));
      Optional<String> oldTmp = present.map(CertificateSet::tmpCa).filter(this::lasts);
      CertificateAuthority root = oldRoot.orElseGet(() -> issuer.rootCa(signing.rootCa()));
      String tmp = oldTmp.orElseGet(() -> issuer.tmpCa(signing.tmpCa()));
      String rpc = issuer.rpc(root, signing.rpc().publicKey(), domain);
      store.replaceCertificates(
          keys,
          new CertificateUpdate(
              oldRoot.isPresent() ? Optional.empty() : Optional.of(root.pem()),
              oldTmp.isPresent() ? Optional.empty() : Optional.of(tmp),
              Optional.of(rpc)));
      log(oldRoot.isEmpty(), oldTmp.isEmpty(), domain);
      return new CertificateSet(root.pem(), tmp, rpc);
    }
  }

  /** Whether a CA certificate is still valid in more than 365 days. */
  private boolean lasts(String pem) {
    return RenewalWindow.isBefore(ParsedCertificate.parse(Pem.decode(pem)), clock.instant());
  }

  private static void log(boolean newRoot, boolean newTmp, RpcDomain domain) {
    if (newRoot) {
      log.info("Renewed KMS root CA certificate");
    }
    if (newTmp) {
      log.info("Renewed temporary client CA certificate");
    }
    log.info("Reissued the KMS RPC certificate for {}", domain);
  }
}
