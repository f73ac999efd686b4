package dstack.kms.attest.tpm;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why this machine's TPM gave no usable answer. */
public enum TpmRefusal implements RefusalCode {
  /** The address of the TPM is of no form that is understood. */
  ADDRESS("tpm-address", RefusalKind.INVALID),
  /** There is no TPM device, or it cannot be opened or connected to. */
  NOT_FOUND("tpm-not-found", RefusalKind.UNAVAILABLE),
  /** The connection broke. */
  BROKEN("tpm-broken", RefusalKind.UNAVAILABLE),
  /** No answer within the deadline. */
  TIMEOUT("tpm-timeout", RefusalKind.UNAVAILABLE),
  /** The TPM asked for the command again more often than it may. */
  BUSY("tpm-busy", RefusalKind.UNAVAILABLE),
  /** An answer that is not of the form which the command has. */
  MALFORMED_ANSWER("tpm-malformed-answer", RefusalKind.UNAVAILABLE),
  /** The TPM knows no such handle or index. */
  NO_SUCH_HANDLE("tpm-no-such-handle", RefusalKind.UNAVAILABLE),
  /** The TPM refused the authorization. */
  AUTHORIZATION("tpm-authorization", RefusalKind.UNAVAILABLE),
  /** The TPM refused the command for another reason; the text has its name. */
  COMMAND_FAILED("tpm-command-failed", RefusalKind.UNAVAILABLE),
  /** What the TPM must hold is not there or has a size that it cannot have. */
  NOT_PROVISIONED("tpm-not-provisioned", RefusalKind.UNAVAILABLE),
  /** The registers changed while they were quoted. */
  REGISTERS_MOVED("tpm-registers-moved", RefusalKind.UNAVAILABLE),
  /** The firmware's boot log of the TPM is not of the agreed form. */
  BOOT_LOG("tpm-boot-log", RefusalKind.UNAVAILABLE),
  /** The security module behind NitroTPM answered with an error or without a document. */
  SECURITY_MODULE("tpm-security-module", RefusalKind.UNAVAILABLE);

  private final String code;
  private final RefusalKind kind;

  TpmRefusal(String code, RefusalKind kind) {
    this.code = code;
    this.kind = kind;
  }

  /** A refusal of this code. */
  public RefusalException because(String text) {
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
