package dstack.kms.attest.snp;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a well-formed SEV-SNP report is not believed, or not to be the one that is claimed. */
public enum SnpRefusal implements RefusalCode {
  /** The certificates beside the report are of no known shape. */
  CERTIFICATES("snp-certificates", RefusalKind.INVALID),
  /** The certificate is a VLEK. */
  VLEK("snp-vlek", RefusalKind.REFUSED),
  /** No certificate chain leads from the report's key to AMD's root. */
  CHAIN("snp-chain", RefusalKind.REFUSED),
  /** The certificate is of another chip or of other components than the report. */
  VCEK("snp-vcek-mismatch", RefusalKind.REFUSED),
  /** The report's signature does not hold. */
  SIGNATURE("snp-report-signature", RefusalKind.REFUSED),
  /** The report carries other report data than the attestation claims. */
  REPORT_DATA("snp-report-data-mismatch", RefusalKind.REFUSED),
  /** The configured root certificate is none. */
  TRUST_ANCHOR("snp-trust-anchor", RefusalKind.INVALID);

  private final String code;
  private final RefusalKind kind;

  SnpRefusal(String code, RefusalKind kind) {
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
