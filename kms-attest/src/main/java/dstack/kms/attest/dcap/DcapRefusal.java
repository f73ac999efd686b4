package dstack.kms.attest.dcap;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.util.Locale;

/** Why a quote is not accepted, one code for each step of the verification. */
public enum DcapRefusal implements RefusalCode {
  /** The trust anchor is no usable root certificate. */
  TRUST_ANCHOR("dcap-trust-anchor", RefusalKind.INVALID),
  /** The header asks for something that is not supported. */
  HEADER("dcap-header"),
  /** The TCB info does not parse. */
  TCB_INFO_MALFORMED("dcap-tcb-info-malformed", RefusalKind.INVALID),
  /** The TCB info is not in force. */
  TCB_INFO_NOT_IN_FORCE("dcap-tcb-info-not-in-force"),
  /** The TCB info is not signed by Intel's signer. */
  TCB_INFO_SIGNATURE("dcap-tcb-info-signature"),
  /** The QE identity does not parse. */
  QE_IDENTITY_MALFORMED("dcap-qe-identity-malformed", RefusalKind.INVALID),
  /** The QE identity is not in force. */
  QE_IDENTITY_NOT_IN_FORCE("dcap-qe-identity-not-in-force"),
  /** The QE identity is not signed by Intel's signer. */
  QE_IDENTITY_SIGNATURE("dcap-qe-identity-signature"),
  /** The QE identity is for another kind of quoting enclave. */
  QE_IDENTITY_KIND("dcap-qe-identity-kind"),
  /** There is no PCK chain, or its certificates are not Intel's PCK certificates. */
  PCK_CHAIN("dcap-pck-chain"),
  /** The quoting enclave's report is not signed by the platform. */
  QE_REPORT_SIGNATURE("dcap-qe-report-signature"),
  /** The attestation key is not the one that the quoting enclave vouches for. */
  ATTESTATION_KEY("dcap-attestation-key"),
  /** The quoting enclave is not the one of the QE identity. */
  QE_POLICY("dcap-qe-policy"),
  /** The quote is not signed by the attestation key. */
  QUOTE_SIGNATURE("dcap-quote-signature"),
  /** The TCB info is for other platforms. */
  TCB_INFO_MISMATCH("dcap-tcb-info-mismatch"),
  /** The platform is below every TCB level. */
  TCB_LEVEL("dcap-tcb-level"),
  /** The TDX module is not the one of the TCB info. */
  TDX_MODULE("dcap-tdx-module"),
  /** The platform, the module or the quoting enclave is revoked. */
  TCB_REVOKED("dcap-tcb-revoked"),
  /** The workload can be debugged, has a service domain or unknown attributes. */
  ATTRIBUTES("dcap-attributes");

  private final String code;
  private final RefusalKind kind;

  DcapRefusal(String code) {
    this(code, RefusalKind.REFUSED);
  }

  DcapRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public RefusalKind kind() {
    return kind;
  }

  RefusalException refuse(String text) {
    return new RefusalException(this, text);
  }

  @FormatMethod
  RefusalException refuseWith(@FormatString String format, Object... values) {
    return new RefusalException(this, String.format(Locale.ROOT, format, values));
  }
}
