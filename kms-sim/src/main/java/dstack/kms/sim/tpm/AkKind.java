package dstack.kms.sim.tpm;

import dstack.kms.sim.vendor.KeyKind;
import dstack.kms.sim.vendor.SigningScheme;

/** The kinds of attestation key. */
public enum AkKind {
  /** P-256; what guests try first. */
  ECC(KeyKind.P256, SigningScheme.ECDSA_SHA256),
  RSA(KeyKind.RSA, SigningScheme.RSA_PKCS1_SHA256);

  private final KeyKind key;
  private final SigningScheme scheme;

  AkKind(KeyKind key, SigningScheme scheme) {
    this.key = key;
    this.scheme = scheme;
  }

  KeyKind key() {
    return key;
  }

  SigningScheme scheme() {
    return scheme;
  }
}
