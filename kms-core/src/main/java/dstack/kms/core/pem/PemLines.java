package dstack.kms.core.pem;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Walks over the lines of a text, each without its LF or CRLF. */
final class PemLines {
  private final byte[] text;
  private int position;

  PemLines(byte[] text) {
    this.text = text;
  }

  /** Passes over empty lines; false at the end of the text. */
  boolean skipBlank() {
    while (position < text.length && lineEnd() == position) {
      next();
    }
    return position < text.length;
  }

  /** Takes the line if it is exactly this one. */
  boolean takeIfEqual(byte[] expected) {
    if (position >= text.length
        || !Arrays.equals(text, position, lineEnd(), expected, 0, expected.length)) {
      return false;
    }
    next();
    return true;
  }

  /** Takes the line, whatever it is; false at the end of the text. */
  boolean take(ByteArrayOutputStream into) {
    if (position >= text.length) {
      return false;
    }
    into.write(text, position, lineEnd() - position);
    next();
    return true;
  }

  private int lineFeed() {
    int at = position;
    while (at < text.length && text[at] != '\n') {
      at++;
    }
    return at;
  }

  private int lineEnd() {
    int end = lineFeed();
    return end > position && text[end - 1] == '\r' ? end - 1 : end;
  }

  private void next() {
    position = lineFeed() + 1;
  }
}
