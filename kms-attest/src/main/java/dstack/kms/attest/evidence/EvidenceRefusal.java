package dstack.kms.attest.evidence;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalKind;

/** Why bytes are no attestation, or an attestation does not fit a form. */
public enum EvidenceRefusal implements RefusalCode {
  /** No bytes, too many, or neither of the two containers. */
  ATTESTATION_FORMAT("attestation-format", RefusalKind.INVALID),
  /** A container whose content is not of the agreed form. */
  ATTESTATION_MALFORMED("attestation-malformed", RefusalKind.INVALID),
  /** Bytes after the container. */
  ATTESTATION_TRAILING_BYTES("attestation-trailing-bytes", RefusalKind.INVALID),
  /** A container of a version that does not exist. */
  ATTESTATION_VERSION("attestation-version", RefusalKind.INVALID),
  /** Report data of another length than 64 bytes. */
  REPORT_DATA_LENGTH("report-data-length", RefusalKind.INVALID),
  /** An attestation that the older container cannot hold. */
  NOT_REPRESENTABLE("attestation-not-representable", RefusalKind.REFUSED),
  /** A certificate whose evidence extensions are not of the agreed form. */
  CERTIFICATE_EVIDENCE("certificate-evidence", RefusalKind.INVALID);

  private final String code;
  private final RefusalKind kind;

  EvidenceRefusal(String code, RefusalKind kind) {
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
