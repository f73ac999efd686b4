package dstack.kms.attest.issuer;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads one answer in HTTP/1.1 whose status is 200; everything else is an IOException. */
final class HttpResponse {
  /** No document of an issuer may be larger. */
  static final int MAX_BODY = 1 << 20;

  private static final int MAX_HEAD = 16 << 10;
  private static final int MAX_CHUNK_LINE = 64;
  private static final int MAX_QUOTED = 80;

  private final InputStream stream;

  HttpResponse(InputStream stream) {
    this.stream = stream;
  }

  Bytes body() throws IOException {
    int[] budget = {MAX_HEAD};
    String status = line(budget);
    if (!status.matches("HTTP/1\\.[01] 200( .*)?")) {
      throw new IOException("the answer is " + printable(status));
    }
    Map<String, String> headers = headers(budget);
    String encoding = headers.getOrDefault("content-encoding", "identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw new IOException("the answer is encoded: " + printable(encoding));
    }
    String transfer = headers.get("transfer-encoding");
    if (transfer != null) {
      if (!transfer.equalsIgnoreCase("chunked") || headers.containsKey("content-length")) {
        throw new IOException("the answer's length is unclear");
      }
      return chunks();
    }
    String length = headers.get("content-length");
    return length == null ? rest() : exactly(number(length, 10));
  }

  private Map<String, String> headers(int[] budget) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(budget); !line.isEmpty(); line = line(budget)) {
      int colon = line.indexOf(':');
      if (colon <= 0 || !line.substring(0, colon).equals(line.substring(0, colon).strip())) {
        throw new IOException("a malformed header");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (headers.put(name, value) != null && isAboutTheBody(name)) {
        throw new IOException(name + " stands twice");
      }
    }
    return headers;
  }

  private static boolean isAboutTheBody(String name) {
    return name.equals("content-length")
        || name.equals("transfer-encoding")
        || name.equals("content-encoding");
  }

  private String line(int[] budget) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (budget[0]-- > 0) {
      int octet = stream.read();
      if (octet < 0) {
        throw new IOException("the answer ends in its head");
      }
      if (octet == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(octet);
    }
    throw new IOException("the answer's head is too long");
  }

  private Bytes rest() throws IOException {
    byte[] body = stream.readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw tooLarge();
    }
    return Bytes.of(body);
  }

  private Bytes exactly(int length) throws IOException {
    byte[] body = stream.readNBytes(length);
    if (body.length < length) {
      throw new IOException("the answer ends too early");
    }
    return Bytes.of(body);
  }

  private Bytes chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(new int[] {MAX_CHUNK_LINE});
      int extension = size.indexOf(';');
      int length = number(extension < 0 ? size : size.substring(0, extension), 16);
      if (length == 0) {
        return Bytes.of(body.toByteArray());
      }
      if (body.size() + length > MAX_BODY) {
        throw tooLarge();
      }
      body.writeBytes(exactly(length).toArray());
      if (!line(new int[] {2}).isEmpty()) {
        throw new IOException("a chunk of another length");
      }
    }
  }

  private static int number(String text, int radix) throws IOException {
    String digits = text.strip();
    if (!digits.matches(radix == 10 ? "[0-9]{1,9}" : "[0-9a-fA-F]{1,7}")) {
      throw new IOException("a malformed length");
    }
    int number = Integer.parseInt(digits, radix);
    if (number > MAX_BODY) {
      throw tooLarge();
    }
    return number;
  }

  /** The beginning of a server's words in a form that can stand in a log line. */
  private static String printable(String text) {
    return text.substring(0, Math.min(text.length(), MAX_QUOTED)).replaceAll("[^ -~]", "?").strip();
  }

  private static IOException tooLarge() {
    return new IOException("more than " + MAX_BODY + " bytes");
  }
}
