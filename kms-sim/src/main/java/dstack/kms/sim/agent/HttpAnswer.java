package dstack.kms.sim.agent;

import dstack.kms.core.bytes.Bytes;

/** One answer. */
record HttpAnswer(int status, String contentType, Bytes body) {
  /** The head and the body as they go over the wire. */
  Bytes wire(boolean lastOne) {
    String head =
        "HTTP/1.1 "
            + status
            + (status == 200 ? " OK" : " Refused")
            + "\r\ncontent-type: "
            + contentType
            + "\r\ncontent-length: "
            + body.length()
            + (lastOne ? "\r\nconnection: close" : "")
            + "\r\n\r\n";
    return Bytes.concat(Bytes.utf8(head), body);
  }

  static HttpAnswer plain(int status, String text) {
    return new HttpAnswer(status, "text/plain; charset=utf-8", Bytes.utf8(text));
  }
}
