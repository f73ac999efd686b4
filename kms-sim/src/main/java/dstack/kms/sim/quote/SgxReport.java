package dstack.kms.sim.quote;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.collateral.QuotingEnclave;
import dstack.kms.sim.collateral.TeeKind;
import dstack.kms.sim.pki.PckIdentity;

/** An SGX report: 384 bytes. */
public record SgxReport(Bytes bytes) {
  private static final int LENGTH = 384;

  /** The report of the simulated quoting enclave for that kind of report, without report data. */
  public static SgxReport ofQuotingEnclave(TeeKind kind) {
    return new SgxReport(Bytes.zeros(LENGTH))
        .with(SgxReportField.CPU_SVN, PckIdentity.CPU_SVN)
        .with(SgxReportField.ATTRIBUTES, QuotingEnclave.ATTRIBUTES)
        .with(SgxReportField.MR_ENCLAVE, QuotingEnclave.MR_ENCLAVE)
        .with(SgxReportField.MR_SIGNER, QuotingEnclave.MR_SIGNER)
        .with(SgxReportField.ISV_PROD_ID, QuotingEnclave.productId(kind))
        .with(SgxReportField.ISV_SVN, QuotingEnclave.CURRENT_SVN);
  }

  /** The same report with that field replaced. */
  public SgxReport with(SgxReportField field, Bytes value) {
    return new SgxReport(FixedLayout.with(bytes, field, value));
  }

  /** The same report with that number of 16 bits replaced. */
  public SgxReport with(SgxReportField field, int value) {
    return with(field, LittleEndian.u16(value));
  }

  /** The field's bytes. */
  public Bytes get(SgxReportField field) {
    return FixedLayout.get(bytes, field);
  }
}
