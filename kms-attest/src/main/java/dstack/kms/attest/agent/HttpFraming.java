package dstack.kms.attest.agent;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the headers say about where the body ends; every doubt is refused. */
final class HttpFraming {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private long length = -1;
  private boolean chunked;

  /** Takes one header line. */
  void accept(String line) {
    int colon = line.indexOf(':');
    if (colon < 0 || !NAME.matcher(line.substring(0, colon)).matches()) {
      throw HttpAnswerReader.malformed("bad header line");
    }
    String value = line.substring(colon + 1).strip();
    switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
      case "content-length" -> acceptLength(value);
      case "transfer-encoding" -> acceptEncoding(value);
      default -> {
        // Nothing else decides where the body ends.
      }
    }
  }

  private void acceptLength(String value) {
    if (length >= 0 || chunked || !LENGTH.matcher(value).matches()) {
      throw HttpAnswerReader.malformed("bad or repeated Content-Length");
    }
    length = Long.parseLong(value);
  }

  private void acceptEncoding(String value) {
    if (length >= 0 || chunked || !value.equalsIgnoreCase("chunked")) {
      throw HttpAnswerReader.malformed("bad or repeated Transfer-Encoding");
    }
    chunked = true;
  }

  boolean isChunked() {
    return chunked;
  }

  /** The stated length, which must be there and at most so large. */
  int length(int max) {
    if (length < 0) {
      throw HttpAnswerReader.malformed("neither Content-Length nor chunks");
    }
    if (length > max) {
      throw HttpAnswerReader.malformed("body too large");
    }
    return Math.toIntExact(length);
  }
}
