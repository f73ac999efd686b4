package dstack.kms.attest.snp.report;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are no SEV-SNP report, or a report is of a guest or platform that gets nothing. */
public enum SnpReportRefusal implements RefusalCode {
  /** The report has another length, reserved bytes that are not zero, or another signature form. */
  MALFORMED("snp-report-malformed", RefusalKind.INVALID),
  /** The report is of a version that is not understood. */
  VERSION("snp-report-version", RefusalKind.REFUSED),
  /** The processor is of no family that is known. */
  PRODUCT("snp-product-unknown", RefusalKind.REFUSED),
  /** What the guest or its platform may do is more than the rules allow. */
  POLICY("snp-report-policy", RefusalKind.REFUSED),
  /** The processor family is switched off by configuration. */
  PRODUCT_NOT_ALLOWED("snp-product-not-allowed", RefusalKind.REFUSED),
  /** The platform's components are older than the configured minimum. */
  TCB_TOO_OLD("snp-tcb-too-old", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  SnpReportRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  RefusalException because(String text) {
    return new RefusalException(this, text);
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }
}
