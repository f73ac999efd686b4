package dstack.kms.rpc.prpc;

/** The two encodings of prpc messages. */
public enum Encoding {
  JSON("application/json"),
  PROTOBUF("application/octet-stream");

  private final String contentType;

  Encoding(String contentType) {
    this.contentType = contentType;
  }

  /** The {@code Content-Type} of answers in this encoding. */
  public String contentType() {
    return contentType;
  }

  /**
   * The encoding of one request and its answer (specification 01 §3): JSON for GET and HEAD, for a
   * first query field {@code json} of value empty, {@code true} or {@code 1}, and for the media
   * type {@code application/json}; {@code Accept} is never looked at.
   */
  static Encoding of(boolean get, QueryString query, String mediaType) {
    boolean asked =
        query
            .first("json")
            .filter(value -> value.isEmpty() || value.equals("true") || value.equals("1"))
            .isPresent();
    return get || asked || mediaType.equals(JSON.contentType) ? JSON : PROTOBUF;
  }
}
