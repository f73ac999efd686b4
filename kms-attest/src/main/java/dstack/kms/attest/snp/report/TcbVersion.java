package dstack.kms.attest.snp.report;

import dstack.kms.core.bytes.Bytes;
import java.util.OptionalInt;

/**
 * The versions of the trusted components of one processor, each from 0 to 255 (specification 16
 * §2).
 *
 * @param fmc the FMC firmware; only of the family 1Ah and its successors
 * @param bootloader the secure processor's boot loader
 * @param tee the secure processor's operating system
 * @param snp the SNP firmware
 * @param microcode the lowest microcode patch level of all cores
 */
public record TcbVersion(OptionalInt fmc, int bootloader, int tee, int snp, int microcode) {
  /** Length of the encoded versions in bytes. */
  static final int LENGTH = 8;

  private static final int MAX = 255;

  /**
   * @throws IllegalArgumentException if a version is not in 0..255
   */
  public TcbVersion {
    requireByte(fmc.orElse(0));
    requireByte(bootloader);
    requireByte(tee);
    requireByte(snp);
    requireByte(microcode);
  }

  /** Versions of a processor before the family 1Ah. */
  public static TcbVersion of(int bootloader, int tee, int snp, int microcode) {
    return new TcbVersion(OptionalInt.empty(), bootloader, tee, snp, microcode);
  }

  /** Reads eight bytes in the form of a family; the unused ones must be zero. */
  static TcbVersion read(Bytes encoded, boolean withFmc) {
    int first = withFmc ? 1 : 0;
    int snpAt = withFmc ? 3 : 6;
    for (int i = first + 2; i < LENGTH - 1; i++) {
      if (i != snpAt && encoded.at(i) != 0) {
        throw SnpReport.nonZero();
      }
    }
    return new TcbVersion(
        withFmc ? OptionalInt.of(encoded.at(0)) : OptionalInt.empty(),
        encoded.at(first),
        encoded.at(first + 1),
        encoded.at(snpAt),
        encoded.at(LENGTH - 1));
  }

  /** Whether every component is at least as new as that of the other. */
  public boolean isAtLeast(TcbVersion floor) {
    return fmc.orElse(0) >= floor.fmc.orElse(0)
        && bootloader >= floor.bootloader
        && tee >= floor.tee
        && snp >= floor.snp
        && microcode >= floor.microcode;
  }

  private static void requireByte(int version) {
    if (version < 0 || version > MAX) {
      throw new IllegalArgumentException("a component's version is from 0 to 255");
    }
  }

  @Override
  public String toString() {
    String rest =
        "bootloader " + bootloader + ", tee " + tee + ", snp " + snp + ", microcode " + microcode;
    return fmc.isPresent() ? "fmc " + fmc.getAsInt() + ", " + rest : rest;
  }
}
