package dstack.kms.sim.agent;

import dstack.kms.core.bytes.Bytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads requests of HTTP/1.1 one after the other, within bounds. */
final class HttpRequestReader {
  private static final int MAX_LINE = 8 * 1024;
  private static final int MAX_HEADERS = 64;
  private static final int MAX_BODY = 1024 * 1024;

  private final InputStream input;

  HttpRequestReader(InputStream input) {
    this.input = new BufferedInputStream(input);
  }

  /**
   * The next request; empty when the peer has closed the connection between two requests.
   *
   * @throws BadFraming if the bytes are no request
   */
  Optional<HttpRequest> next() throws IOException {
    Optional<String> first = line();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.get().split(" ", -1);
    boolean understood = words.length == 3 && words[1].startsWith("/");
    if (!understood || !words[2].startsWith("HTTP/1.")) {
      throw new BadFraming(400, "malformed request line");
    }
    Map<String, String> headers = headers();
    int question = words[1].indexOf('?');
    String path = question < 0 ? words[1] : words[1].substring(0, question);
    return Optional.of(
        new HttpRequest(
            words[0],
            path.substring(1),
            question < 0 ? "" : words[1].substring(question + 1),
            mediaType(headers),
            body(headers),
            isLast(words[2], headers)));
  }

  private static boolean isLast(String version, Map<String, String> headers) {
    String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    return version.equals("HTTP/1.1")
        ? connection.contains("close")
        : !connection.contains("keep-alive");
  }

  private static String mediaType(Map<String, String> headers) {
    String value = headers.getOrDefault("content-type", "");
    int end = value.indexOf(';');
    return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int count = 0; count <= MAX_HEADERS; count++) {
      String line = requiredLine();
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new BadFraming(400, "malformed header");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (headers.put(name, line.substring(colon + 1).strip()) != null && isFraming(name)) {
        throw new BadFraming(400, "repeated header " + name);
      }
    }
    throw new BadFraming(431, "too many headers");
  }

  private static boolean isFraming(String name) {
    return name.equals("content-length") || name.equals("transfer-encoding");
  }

  private Bytes body(Map<String, String> headers) throws IOException {
    boolean sized = headers.containsKey("content-length");
    if (!headers.containsKey("transfer-encoding")) {
      return sized ? exactly(size(headers.getOrDefault("content-length", ""), 10)) : Bytes.EMPTY;
    }
    if (sized || !headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      throw new BadFraming(400, "unusable framing");
    }
    return chunks();
  }

  private Bytes chunks() throws IOException {
    Bytes body = Bytes.EMPTY;
    while (true) {
      String head = requiredLine();
      int extension = head.indexOf(';');
      int size = size(extension < 0 ? head : head.substring(0, extension), 16);
      Bytes chunk = exactly(size);
      body = Bytes.concat(body, chunk);
      if (body.length() > MAX_BODY) {
        throw new BadFraming(413, "body too large");
      }
      if (!requiredLine().isEmpty()) {
        throw new BadFraming(400, "malformed chunk");
      }
      if (size == 0) {
        return body;
      }
    }
  }

  private static int size(String text, int radix) throws BadFraming {
    String digits = text.strip();
    boolean plain =
        !digits.isEmpty() && digits.chars().allMatch(c -> Character.digit(c, radix) >= 0);
    if (!plain) {
      throw new BadFraming(400, "malformed length");
    }
    if (digits.length() > 7 || Integer.parseInt(digits, radix) > MAX_BODY) {
      throw new BadFraming(413, "body too large");
    }
    return Integer.parseInt(digits, radix);
  }

  private Bytes exactly(int length) throws IOException {
    byte[] content = input.readNBytes(length);
    if (content.length < length) {
      throw new BadFraming(400, "body too short");
    }
    return Bytes.of(content);
  }

  private String requiredLine() throws IOException {
    return line().orElseThrow(() -> new BadFraming(400, "request ends early"));
  }

  /** A line without its end; empty at the end of the stream. */
  private Optional<String> line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = input.read();
    if (next < 0) {
      return Optional.empty();
    }
    while (next != '\n') {
      if (next < 0 || line.size() == MAX_LINE) {
        throw new BadFraming(next < 0 ? 400 : 431, "unfinished line");
      }
      line.write(next);
      next = input.read();
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }
}
