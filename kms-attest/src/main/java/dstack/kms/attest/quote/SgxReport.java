package dstack.kms.attest.quote;

import dstack.kms.core.bytes.Bytes;

/**
 * An SGX enclave's report, 384 bytes (specification 11 §2). Reserved fields are skipped.
 *
 * @param cpuSvn 16 bytes
 * @param miscSelect unsigned, 32 bits
 * @param attributes 16 bytes; bit 1 of the first is DEBUG
 * @param mrEnclave 32 bytes
 * @param mrSigner 32 bytes
 * @param isvProdId unsigned, 16 bits
 * @param isvSvn unsigned, 16 bits
 * @param reportData 64 bytes
 */
public record SgxReport(
    Bytes cpuSvn,
    long miscSelect,
    Bytes attributes,
    Bytes mrEnclave,
    Bytes mrSigner,
    int isvProdId,
    int isvSvn,
    Bytes reportData)
    implements QuoteReport {
  /** Length in bytes. */
  public static final int LENGTH = 384;

  /**
   * Reads a report of exactly 384 bytes.
   *
   * @throws IllegalArgumentException if there are not exactly 384 bytes
   */
  public static SgxReport of(Bytes report) {
    if (report.length() != LENGTH) {
      throw new IllegalArgumentException("an SGX report has 384 bytes, not " + report.length());
    }
    return read(new QuoteReader(report));
  }

  static SgxReport read(QuoteReader in) {
    Bytes cpuSvn = in.bytes(16);
    long miscSelect = in.u32();
    in.bytes(28);
    Bytes attributes = in.bytes(16);
    Bytes mrEnclave = in.bytes(32);
    in.bytes(32);
    Bytes mrSigner = in.bytes(32);
    in.bytes(96);
    int isvProdId = in.u16();
    int isvSvn = in.u16();
    in.bytes(60);
    return new SgxReport(
        cpuSvn, miscSelect, attributes, mrEnclave, mrSigner, isvProdId, isvSvn, in.bytes(64));
  }

  /** Whether the enclave's memory can be read by a debugger. */
  public boolean isDebug() {
    return (attributes.at(0) & 0x02) != 0;
  }
}
