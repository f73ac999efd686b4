package dstack.kms.attest.issuer;

/** What a missing revocation list means where a certificate names one. */
public enum RevocationRule {
  /** A refusal. The only rule of a server that releases keys. */
  REQUIRED,
  /** The verification says what it left out. Only for looking at archived evidence. */
  REPORTED
}
