package dstack.kms.attest.gcp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The message that a TPM signs when it quotes registers: TPMS_ATTEST with TPMS_QUOTE_INFO
 * (specification 14 §3). Well-formed, and nothing more: whose TPM made it is not known here.
 *
 * @param qualifiedSigner the name of the key that signed, as the TPM knows it
 * @param extraData what the caller gave to be signed with the registers
 * @param clock the TPM's clock when it signed
 * @param firmwareVersion the vendor's number, an unsigned 64-bit number
 * @param selections which registers are quoted, in order
 * @param pcrDigest the hash of the quoted registers one after the other
 */
public record TpmsAttest(
    Bytes qualifiedSigner,
    Bytes extraData,
    Clock clock,
    long firmwareVersion,
    List<Selection> selections,
    Bytes pcrDigest) {
  private static final long TPM_GENERATED = 0xFF54_4347L;
  private static final int ATTEST_QUOTE = 0x8018;

  /** A TPM has at most so many banks. */
  private static final int MAX_SELECTIONS = 16;

  /** The largest real message has about 180 bytes. */
  private static final int MAX_LENGTH = 4096;

  /**
   * The TPM's clock.
   *
   * @param milliseconds how long the TPM was powered, an unsigned 64-bit number
   * @param resetCount how often it was reset
   * @param restartCount how often it was restarted since
   * @param safe whether the clock can be relied on not to have gone back
   */
  public record Clock(long milliseconds, long resetCount, long restartCount, boolean safe) {}

  /**
   * Registers of one bank.
   *
   * @param hashAlgorithm the bank, a TPM_ALG_ID
   * @param indices the registers in ascending order
   */
  public record Selection(int hashAlgorithm, List<Long> indices) {
    public Selection {
      indices = List.copyOf(indices);
    }
  }

  public TpmsAttest {
    selections = List.copyOf(selections);
  }

  /**
   * Reads the message; nothing may stand after it.
   *
   * @throws RefusalException {@link GcpRefusal#ATTEST} within {@code failed to parse TPMS_ATTEST}
   */
  public static TpmsAttest parse(Bytes message) {
    try {
      if (message.length() > MAX_LENGTH) {
        throw GcpRefusal.ATTEST.because("longer than " + MAX_LENGTH + " bytes");
      }
      return read(new TpmReader(message, GcpRefusal.ATTEST, "parse error: it ends early"));
    } catch (RefusalException e) {
      throw e.within("failed to parse TPMS_ATTEST");
    }
  }

  private static TpmsAttest read(TpmReader reader) {
    long magic = reader.u32();
    int type = reader.u16();
    Bytes signer = reader.sized();
    Bytes extraData = reader.sized();
    long milliseconds = reader.u64();
    long resetCount = reader.u32();
    long restartCount = reader.u32();
    int safe = reader.u8();
    long firmwareVersion = reader.u64();
    List<Selection> selections = selections(reader);
    Bytes pcrDigest = reader.sized();
    requireQuote(magic, type);
    requireYesOrNo(safe);
    requireEnd(reader);
    Clock clock = new Clock(milliseconds, resetCount, restartCount, safe == 1);
    return new TpmsAttest(signer, extraData, clock, firmwareVersion, selections, pcrDigest);
  }

  private static List<Selection> selections(TpmReader reader) {
    long count = reader.u32();
    if (count > MAX_SELECTIONS) {
      throw GcpRefusal.ATTEST.because("too many PCR selections: " + count);
    }
    List<Selection> selections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int hashAlgorithm = reader.u16();
      selections.add(new Selection(hashAlgorithm, indices(reader.take(reader.u8()))));
    }
    return selections;
  }

  /** Register n is bit n mod 8, counted from the lowest, of byte n / 8. */
  private static List<Long> indices(Bytes bitmap) {
    List<Long> indices = new ArrayList<>();
    for (int index = 0; index < bitmap.length() * 8; index++) {
      if ((bitmap.at(index / 8) >> index % 8 & 1) != 0) {
        indices.add((long) index);
      }
    }
    return indices;
  }

  private static void requireQuote(long magic, int type) {
    if (magic != TPM_GENERATED) {
      throw GcpRefusal.ATTEST.because(
          "invalid magic number: 0x" + HexFormat.of().toHexDigits((int) magic));
    }
    if (type != ATTEST_QUOTE) {
      throw GcpRefusal.ATTEST.because(
          "invalid attest type: 0x" + HexFormat.of().toHexDigits((short) type));
    }
  }

  private static void requireYesOrNo(int safe) {
    if (safe > 1) {
      throw GcpRefusal.ATTEST.because("parse error: safe is neither yes nor no");
    }
  }

  private static void requireEnd(TpmReader reader) {
    int rest = reader.rest().length();
    if (rest > 0) {
      throw GcpRefusal.ATTEST.because("parse error: " + rest + " bytes after it");
    }
  }
}
