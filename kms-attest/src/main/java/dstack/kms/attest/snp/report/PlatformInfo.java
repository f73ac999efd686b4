package dstack.kms.attest.snp.report;

/** How the platform is configured, a field of 64 bits. */
public record PlatformInfo(long bits) {
  private static final int KNOWN_BITS = 6;

  boolean hasSmt() {
    return bit(0);
  }

  boolean hasRaplDisabled() {
    return bit(3);
  }

  boolean hidesCiphertext() {
    return bit(4);
  }

  /** Whether memory was checked for aliases, the firmware's answer to BadRAM. */
  boolean checkedAliases() {
    return bit(5);
  }

  boolean hasUnknownBits() {
    return bits >>> KNOWN_BITS != 0;
  }

  private boolean bit(int number) {
    return (bits >>> number & 1) == 1;
  }
}
