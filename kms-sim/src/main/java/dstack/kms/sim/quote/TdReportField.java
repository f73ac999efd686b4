package dstack.kms.sim.quote;

/** The fields of a TD report as a quote carries it (specification 11 §2). */
public enum TdReportField implements ReportField {
  TEE_TCB_SVN(0, 16),
  MR_SEAM(16, 48),
  MR_SIGNER_SEAM(64, 48),
  SEAM_ATTRIBUTES(112, 8),
  TD_ATTRIBUTES(120, 8),
  XFAM(128, 8),
  MR_TD(136, 48),
  MR_CONFIG_ID(184, 48),
  MR_OWNER(232, 48),
  MR_OWNER_CONFIG(280, 48),
  RT_MR0(328, 48),
  RT_MR1(376, 48),
  RT_MR2(424, 48),
  RT_MR3(472, 48),
  REPORT_DATA(520, 64),
  /** Only in TD 1.5. */
  TEE_TCB_SVN2(584, 16),
  /** Only in TD 1.5. */
  MR_SERVICE_TD(600, 48);

  private final int offset;
  private final int length;

  TdReportField(int offset, int length) {
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
