package dstack.kms.cli.verify;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why evidence that verifies is still not what the command line asked for. */
enum ExpectationRefusal implements RefusalCode {
  /** The hardware signed other report data than {@code --report-data} names. */
  REPORT_DATA("expected-report-data-mismatch");

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
