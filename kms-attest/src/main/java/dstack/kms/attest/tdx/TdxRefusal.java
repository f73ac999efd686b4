package dstack.kms.attest.tdx;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a valid quote is not one of the trust domain that the attestation claims. */
public enum TdxRefusal implements RefusalCode {
  /** The quote is of something else than a trust domain. */
  NO_TD_REPORT("no-td-report"),
  /** The trust domain can be debugged, or is not what Intel's own module measures. */
  TD_POLICY("td-policy"),
  /** The runtime events are not those that the hardware measured. */
  RUNTIME_REGISTER("runtime-register-mismatch"),
  /** The quote carries other report data than the attestation claims. */
  QUOTED_REPORT_DATA("quoted-report-data-mismatch");

  private final String code;

  TdxRefusal(String code) {
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
