package dstack.kms.sim.snp;

import dstack.kms.core.bytes.Bytes;

/**
 * The versions of a chip's firmware.
 *
 * @param fmc only on Turin, elsewhere 0
 */
public record SnpTcb(int fmc, int bootloader, int tee, int snp, int microcode) {
  /** What simulated chips run. */
  public static final SnpTcb CURRENT = new SnpTcb(0, 4, 0, 24, 219);

  /** The same with another version of the SNP firmware. */
  public SnpTcb withSnp(int value) {
    return new SnpTcb(fmc, bootloader, tee, value, microcode);
  }

  /** The eight bytes in a report (specification 16 §2). */
  Bytes wire(SnpProduct product) {
    byte[] raw =
        product == SnpProduct.TURIN
            ? new byte[] {
              (byte) fmc, (byte) bootloader, (byte) tee, (byte) snp, 0, 0, 0, (byte) microcode
            }
            : new byte[] {(byte) bootloader, (byte) tee, 0, 0, 0, 0, (byte) snp, (byte) microcode};
    return Bytes.of(raw);
  }
}
