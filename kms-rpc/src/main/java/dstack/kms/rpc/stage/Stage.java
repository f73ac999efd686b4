package dstack.kms.rpc.stage;

/** A part of the way from a connection to an answer. */
public enum Stage {
  /** The TLS handshake of a connection. */
  HANDSHAKE("handshake"),
  /** A request's body or query becomes a message. */
  DECODE("decode"),
  /** Evidence is verified; nearly nothing where the connection's is known already. */
  VERIFY("verify"),
  /** The authority decides about the caller. */
  AUTHORIZE("authorize"),
  /** The measured image is compared with the claimed one. */
  IMAGE("image"),
  /** The release is made durable in the audit log. */
  AUDIT("audit"),
  /** Keys are derived from the root keys. */
  DERIVE("derive"),
  /** A certificate is issued. */
  SIGN("sign"),
  /** The answer becomes bytes. */
  ENCODE("encode");

  private final String word;

  Stage(String word) {
    this.word = word;
  }

  /** The name in metrics and traces. */
  public String word() {
    return word;
  }
}
