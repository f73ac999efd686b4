package dstack.kms.core.csr;

import dstack.kms.core.crypto.P256PublicKey;

/** A request whose writer holds its key. Only the verification makes one. */
public final class VerifiedCsr {
  private final P256PublicKey key;
  private final CsrConfig config;
  private final CsrEvidence evidence;

  VerifiedCsr(P256PublicKey key, CsrConfig config, CsrEvidence evidence) {
    this.key = key;
    this.config = config;
    this.evidence = evidence;
  }

  /** The key to certify; the evidence must be bound to its subject public key info. */
  public P256PublicKey key() {
    return key;
  }

  /** What the certificate shall say. */
  public CsrConfig config() {
    return config;
  }

  /** The evidence, not yet verified. */
  public CsrEvidence evidence() {
    return evidence;
  }
}
