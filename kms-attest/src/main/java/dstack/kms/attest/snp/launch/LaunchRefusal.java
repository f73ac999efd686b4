package dstack.kms.attest.snp.launch;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a report's measurement and host data say nothing about the claimed image and workload. */
public enum LaunchRefusal implements RefusalCode {
  /** The VM configuration is not of the agreed form, or lacks what is needed. */
  VM_CONFIG("snp-vm-config", RefusalKind.INVALID),
  /** The measurement document is not of the agreed form. */
  DOCUMENT("snp-measurement-document", RefusalKind.INVALID),
  /** No guest that dstack launches has these launch parameters. */
  PARAMETERS("snp-launch-parameters", RefusalKind.REFUSED),
  /** The guest was launched from something else. */
  MEASUREMENT("snp-measurement-mismatch", RefusalKind.REFUSED),
  /** The guest was launched with another configuration. */
  HOST_DATA("snp-host-data-mismatch", RefusalKind.REFUSED),
  /** The guest's configuration is not of the agreed form. */
  MR_CONFIG("snp-mr-config", RefusalKind.INVALID);

  private final String code;
  private final RefusalKind kind;

  LaunchRefusal(String code, RefusalKind kind) {
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
