package dstack.kms.rpc.tls;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why a client certificate with evidence is not acceptable as a whole. */
public enum ClientEvidenceRefusal implements RefusalCode {
  /** The certificate demands something that this program does not know. */
  UNKNOWN_CRITICAL_EXTENSION("client-certificate-critical-extension"),
  /** The certificate is older than the configured bound. */
  TOO_OLD("client-certificate-age");

  private final String code;

  ClientEvidenceRefusal(String code) {
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
