package dstack.kms.onboard.replication;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.OnboardConfig;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.KeyStore;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.progress.Progress;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Replicates the root keys of a source into an empty store, once. */
public final class Replication {
  private final Parts parts;

  /**
   * What replication works with.
   *
   * @param store takes the keys
   * @param verifier of the source's evidence
   * @param authority decides about the source
   * @param quotes attests this machine
   * @param issuer makes this node's certificates
   * @param config identity to expect, patience
   * @param engine of TLS
   * @param random makes keys
   * @param clock of certificates
   * @param audit takes the decision
   */
  public record Parts(
      KeyStore store,
      AttestationVerifier verifier,
      Authority authority,
      QuoteSource quotes,
      CertificateIssuer issuer,
      OnboardConfig config,
      TlsEngine engine,
      SecureRandom random,
      InstantSource clock,
      AuditTrail audit) {}

  /** A replication of these parts. */
  public Replication(Parts parts) {
    this.parts = parts;
  }

  /**
   * Takes the keys over, all or nothing.
   *
   * @param sourceUrl as the operator writes it
   * @return the root k256 public key, 33 bytes compressed
   * @throws RefusalException with a {@link ReplicationRefusal}, or what a part refused; nothing is
   *     left behind then
   */
  public Bytes run(String sourceUrl, RpcDomain domain, Progress progress) {
    progress.at(dstack.kms.onboard.progress.SetupStep.CHECKING);
    throw new RefusalException(
        ReplicationRefusal.UNAVAILABLE,
        "replication from another KMS is not available in this version; nothing was changed",
        parts.config().retryFor().toString());
  }
}
