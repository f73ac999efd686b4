package dstack.kms.rpc.tls.hostile;

/** What was in a record. */
final class Opened {
  private final int type;
  private final byte[] content;

  Opened(int type, byte[] content) {
    this.type = type;
    this.content = content;
  }

  /** The inside of a TLS 1.3 record: content, type, zeros. */
  static Opened unpadded(byte[] inner) {
    int end = inner.length;
    while (end > 0 && inner[end - 1] == 0) {
      end--;
    }
    return new Opened(end == 0 ? 0 : inner[end - 1], Wire.slice(inner, 0, Math.max(0, end - 1)));
  }

  int type() {
    return type;
  }

  byte[] content() {
    return content;
  }
}
