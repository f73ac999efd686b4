package dstack.kms.attest.device;

import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;

/** Why a device of this machine gave no evidence; the texts are those of specification 13 §8. */
public enum DeviceRefusal implements RefusalCode {
  /** What the kernel answered fits no rule. */
  UNEXPECTED("device-unexpected", "unexpected error: ", RefusalKind.UNAVAILABLE),
  /** The device itself does not work. */
  FAILURE("device-failure", "device failure: ", RefusalKind.UNAVAILABLE),
  /** Somebody else used the device at the same time, again and again. */
  BUSY("device-busy", "device busy", RefusalKind.UNAVAILABLE),
  /** This machine has no such device, or this is no machine that could have one. */
  NOT_SUPPORTED("device-not-supported", "not supported: ", RefusalKind.UNAVAILABLE),
  /** No quote, or none that can be used. */
  QUOTE_FAILURE("device-quote-failure", "quote failure: ", RefusalKind.UNAVAILABLE),
  /** No report of the hardware. */
  REPORT_FAILURE("device-report-failure", "report failure: ", RefusalKind.UNAVAILABLE),
  /** A register could not be extended. */
  EXTEND_FAILURE("device-extend-failure", "extend failure: ", RefusalKind.UNAVAILABLE),
  /** There is no such register, or not for programs. */
  INVALID_RTMR("device-invalid-rtmr", "invalid RTMR index: ", RefusalKind.INVALID),
  /** The host's quote service gave no usable answer. */
  VSOCK_FAILURE("device-vsock-failure", "vsock failure: ", RefusalKind.UNAVAILABLE),
  /** The evidence is about another request than ours. */
  WRONG_REPORT_DATA("device-wrong-report-data", "quote failure: ", RefusalKind.REFUSED),
  /** A file that evidence is sent with cannot be read or is not of its form. */
  GUEST_FILE("device-guest-file", "", RefusalKind.UNAVAILABLE),
  /** The Nitro security module refused or gave no usable answer. */
  NSM_FAILURE("device-nsm-failure", "nsm failure: ", RefusalKind.UNAVAILABLE);

  private final String code;
  private final String prefix;
  private final RefusalKind kind;

  DeviceRefusal(String code, String prefix, RefusalKind kind) {
    this.code = code;
    this.prefix = prefix;
    this.kind = kind;
  }

  /** A refusal with the text of this kind and the reason after it. */
  public RefusalException because(String reason) {
    return new RefusalException(this, prefix + reason);
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
