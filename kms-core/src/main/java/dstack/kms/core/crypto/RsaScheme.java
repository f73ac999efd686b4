package dstack.kms.core.crypto;

/** The RSA signature schemes that evidence uses. */
public enum RsaScheme {
  /** PKCS #1 v1.5 with SHA-256: TPM quotes and Google's certificates. */
  PKCS1_SHA256,
  /** PKCS #1 v1.5 with SHA-384. */
  PKCS1_SHA384,
  /** PSS with SHA-384, MGF1 with SHA-384 and 48 bytes of salt: AMD's certificates. */
  PSS_SHA384
}
