package dstack.kms.attest.tpm;

import java.util.List;

/**
 * Registers of one bank, in ascending order: a TPML_PCR_SELECTION of one entry with a bitmap of
 * three bytes.
 *
 * @param bank the bank
 * @param registers numbers from 0 to 23, one to eight of them, so that one read returns all
 */
public record PcrSelection(TpmHash bank, List<Integer> registers) {
  private static final int BITMAP_LENGTH = 3;
  private static final int MOST = 8;

  /**
   * @throws IllegalArgumentException if the registers are none, too many, out of range or not
   *     ascending
   */
  public PcrSelection {
    registers = List.copyOf(registers);
    if (registers.isEmpty() || registers.size() > MOST || !isAscending(registers)) {
      throw new IllegalArgumentException("not one to eight ascending registers: " + registers);
    }
  }

  private static boolean isAscending(List<Integer> registers) {
    int last = -1;
    for (int register : registers) {
      if (register <= last || register >= 8 * BITMAP_LENGTH) {
        return false;
      }
      last = register;
    }
    return true;
  }

  /** Writes the list with its one entry, 10 bytes. */
  public void write(TpmWriter output) {
    int bitmap = 0;
    for (int register : registers) {
      bitmap |= 1 << register;
    }
    output.u32(1).u16(bank.id()).u8(BITMAP_LENGTH).u8(bitmap).u8(bitmap >>> 8).u8(bitmap >>> 16);
  }
}
