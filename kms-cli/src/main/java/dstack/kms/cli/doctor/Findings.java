package dstack.kms.cli.doctor;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Findings out of refusals. */
final class Findings {
  private Findings() {}

  /** One that could not be looked at is unreachable, every other a problem. */
  static Finding of(String check, RefusalException refusal, String advice) {
    String text = "[" + refusal.code().code() + "] " + refusal.text();
    String detail = refusal.detail().isBlank() ? "" : " (" + refusal.detail() + ")";
    return refusal.code().kind() == RefusalKind.UNAVAILABLE
        ? Finding.unreachable(check, text + detail, advice)
        : Finding.problem(check, text + detail, advice);
  }
}
