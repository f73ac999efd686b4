package dstack.kms.onboard.certificates;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why the node's own certificates cannot be made. */
public enum NodeCertificateRefusal implements RefusalCode {
  /** The domain breaks the rule for DNS names. */
  DOMAIN_INVALID("domain-invalid", RefusalKind.INVALID),
  /** Neither the configuration nor the key store names a domain. */
  DOMAIN_MISSING("domain-missing", RefusalKind.INVALID),
  /** The quote source answered with evidence over something else. */
  EVIDENCE_UNBOUND("rpc-certificate-evidence-unbound", RefusalKind.REFUSED);

  private final String code;
  private final RefusalKind kind;

  NodeCertificateRefusal(String code, RefusalKind kind) {
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
}
