package dstack.kms.rpc.tls.hostile;

import java.nio.charset.StandardCharsets;

/** HTTP requests. */
final class Request {
  private Request() {}

  /** A GET that asks for the end of the connection. */
  static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
