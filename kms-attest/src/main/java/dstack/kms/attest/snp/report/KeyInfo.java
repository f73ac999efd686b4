package dstack.kms.attest.snp.report;

/** Which key signed the report, a field of 32 bits. */
public record KeyInfo(int bits) {
  private static final int KNOWN_BITS = 5;

  boolean hasAuthorKey() {
    return (bits & 1) == 1;
  }

  boolean masksChipKey() {
    return (bits >>> 1 & 1) == 1;
  }

  /** 0 for a VCEK, 1 for a VLEK, 7 for none. */
  int signingKey() {
    return bits >>> 2 & 7;
  }

  boolean hasUnknownBits() {
    return bits >>> KNOWN_BITS != 0;
  }
}
