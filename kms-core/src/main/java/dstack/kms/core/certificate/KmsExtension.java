package dstack.kms.core.certificate;

/** The extensions of the arc 1.3.6.1.4.1.62397.1, none of them ever critical. */
public enum KmsExtension {
  TDX_QUOTE(1),
  TDX_EVENT_LOG(2),
  APP_ID(3),
  SPECIAL_USAGE(4),
  ATTESTATION(8),
  APP_INFO(9);

  private final int arc;

  KmsExtension(int arc) {
    this.arc = arc;
  }

  /** The OID in dotted form. */
  public String oid() {
    return "1.3.6.1.4.1.62397.1." + arc;
  }

  /** The OID as the original's errors print it. */
  String inErrors() {
    return "[1, 3, 6, 1, 4, 1, 62397, 1, " + arc + "]";
  }
}
