package dstack.kms.attest.x509;

/** What the keyUsage extension of an end-entity certificate must say. */
public enum LeafUsage {
  /** It is not looked at. */
  NOT_ASKED,
  /** Where there is one: digitalSignature, and neither keyCertSign nor cRLSign. */
  SIGNATURE_WHERE_STATED,
  /** There is one, and it says so. */
  SIGNATURE;

  boolean allows(KeyPurposes purposes) {
    return switch (this) {
      case NOT_ASKED -> true;
      case SIGNATURE_WHERE_STATED -> !purposes.hasKeyUsage() || purposes.isForSignaturesOnly();
      case SIGNATURE -> purposes.hasKeyUsage() && purposes.isForSignaturesOnly();
    };
  }
}
