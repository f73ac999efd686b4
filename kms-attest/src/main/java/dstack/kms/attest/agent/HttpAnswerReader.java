package dstack.kms.attest.agent;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one HTTP/1.1 answer: a status line, headers of at most 32 KiB together, and a body of
 * stated length or in chunks, of at most 8 MiB. A body that only the end of the connection ends
 * cannot be told from a truncated one and is refused.
 */
final class HttpAnswerReader {
  /** The largest body in bytes. */
  static final int MAX_BODY = 8 << 20;

  private static final int MAX_HEADERS = 32 << 10;
  private static final int MAX_CHUNK_LINE = 256;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");
  private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,7})[ \\t]*(;.*)?");

  private final InputStream input;
  private int headerBytesLeft = MAX_HEADERS;

  HttpAnswerReader(InputStream input) {
    this.input = new BufferedInputStream(input);
  }

  /** The answer; {@link EOFException} if it ends early. */
  HttpAnswer read() throws IOException {
    Matcher status = STATUS_LINE.matcher(headerLine());
    if (!status.matches()) {
      throw malformed("no HTTP status line");
    }
    int code = Integer.parseInt(status.group(1));
    if (code < 200) {
      throw malformed("interim answer " + code);
    }
    HttpFraming framing = new HttpFraming();
    for (String line = headerLine(); !line.isEmpty(); line = headerLine()) {
      framing.accept(line);
    }
    return new HttpAnswer(code, framing.isChunked() ? chunks() : exactly(framing.length(MAX_BODY)));
  }

  private Bytes chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      if (size > MAX_BODY - body.size()) {
        throw malformed("body too large");
      }
      exactly(size).writeTo(body);
      if (!line(0).isEmpty()) {
        throw malformed("no line end after chunk");
      }
    }
    while (!headerLine().isEmpty()) {
      // Trailers mean nothing to this client; they count against the bound of the headers.
    }
    return Bytes.of(body.toByteArray());
  }

  private int chunkSize() throws IOException {
    Matcher size = CHUNK_SIZE.matcher(line(MAX_CHUNK_LINE));
    if (!size.matches()) {
      throw malformed("bad chunk size");
    }
    return Integer.parseInt(size.group(1), 16);
  }

  private Bytes exactly(int length) throws IOException {
    byte[] content = input.readNBytes(length);
    if (content.length < length) {
      throw new EOFException("answer ends early");
    }
    return Bytes.of(content);
  }

  private String headerLine() throws IOException {
    String line = line(headerBytesLeft);
    headerBytesLeft -= line.length() + 2;
    return line;
  }

  /** A line of at most so many characters, which must end with CR LF. */
  private String line(int maxLength) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = next(); c != '\r'; c = next()) {
      if (line.size() >= maxLength) {
        throw malformed("line too long");
      }
      if (c == '\n' || c == 0) {
        throw malformed("bare line feed or NUL in header");
      }
      line.write(c);
    }
    if (next() != '\n') {
      throw malformed("bare carriage return in header");
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private int next() throws IOException {
    int c = input.read();
    if (c < 0) {
      throw new EOFException("answer ends early");
    }
    return c;
  }

  static RefusalException malformed(String what) {
    return new RefusalException(
        AgentRefusal.MALFORMED_ANSWER, "malformed answer from the guest agent", what);
  }
}
