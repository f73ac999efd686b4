package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/**
 * What the firmware measured the boot of an instance into: registers 4 (boot manager), 7 (secure
 * boot policy) and 12 (kernel command line), 48 bytes each.
 */
record BootRegisters(Bytes pcr4, Bytes pcr7, Bytes pcr12) {
  /** The three registers of the document, each of which must be there. */
  static BootRegisters of(Registers registers) {
    return new BootRegisters(registers.require(4), registers.require(7), registers.require(12));
  }

  /** SHA-256 of the three, which an image's measurement document names. */
  Bytes digest() {
    return Digests.sha256(pcr4, pcr7, pcr12);
  }

  /** SHA-256 of the three and of more behind them. */
  Bytes digestWith(Bytes more) {
    return Digests.sha256(pcr4, pcr7, pcr12, more);
  }
}
