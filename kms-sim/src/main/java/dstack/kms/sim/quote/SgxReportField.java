package dstack.kms.sim.quote;

/** The fields of an SGX report (specification 11 §2). */
public enum SgxReportField implements ReportField {
  CPU_SVN(0, 16),
  MISC_SELECT(16, 4),
  ATTRIBUTES(48, 16),
  MR_ENCLAVE(64, 32),
  MR_SIGNER(128, 32),
  ISV_PROD_ID(256, 2),
  ISV_SVN(258, 2),
  REPORT_DATA(320, 64);

  private final int offset;
  private final int length;

  SgxReportField(int offset, int length) {
    this.offset = offset;
    this.length = length;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }
}
