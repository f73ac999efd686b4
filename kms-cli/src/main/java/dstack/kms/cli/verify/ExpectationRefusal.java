package dstack.kms.cli.verify;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why evidence that verifies is still not what the command line asked for. */
enum ExpectationRefusal implements RefusalCode {
  /** The hardware signed other report data than {@code --report-data} names. */
  REPORT_DATA("expected-report-data-mismatch"),
  /** The image has another hash than {@code --hash} or the VM configuration names. */
  IMAGE("expected-image-mismatch"),
  /** The VM configuration says nothing that could be checked. */
  DOCUMENTS("expected-image-documents"),
  /** The attestation is none of a TDX guest. */
  PLATFORM("expected-tdx-attestation");

  private final String code;

  ExpectationRefusal(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return RefusalKind.REFUSED;
  }
}
