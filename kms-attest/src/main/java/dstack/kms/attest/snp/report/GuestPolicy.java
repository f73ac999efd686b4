package dstack.kms.attest.snp.report;

/** What the guest's owner allowed when it was launched, a field of 64 bits. */
public record GuestPolicy(long bits) {
  /** Everything from bit 25 on has no meaning in the versions that are understood. */
  private static final int KNOWN_BITS = 25;

  boolean allowsSmt() {
    return bit(16);
  }

  boolean hasReservedOne() {
    return bit(17);
  }

  boolean allowsMigrationAgent() {
    return bit(18);
  }

  boolean allowsDebug() {
    return bit(19);
  }

  boolean requiresSingleSocket() {
    return bit(20);
  }

  boolean requiresRaplDisabled() {
    return bit(23);
  }

  boolean requiresCiphertextHiding() {
    return bit(24);
  }

  boolean hasUnknownBits() {
    return bits >>> KNOWN_BITS != 0;
  }

  private boolean bit(int number) {
    return (bits >>> number & 1) == 1;
  }
}
