package dstack.kms.attest.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponseTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  @Test
  void quotesNoMoreOfAServersWordsThanALogLineBears() {
    for (String answer :
        new String[] {
          "HTTP/1.1 \033[2J\r500 " + "x".repeat(9000) + "\r\n\r\n",
          OK + "Content-Encoding: \033[2J\r" + "x".repeat(9000) + "\r\n\r\n"
        }) {
      assertThatThrownBy(() -> read(answer))
          .isInstanceOf(IOException.class)
          .satisfies(e -> assertThat(e.getMessage()).matches("[ -~]{20,110}"));
    }
  }

  private static Bytes read(String answer) throws IOException {
    return new HttpResponse(new ByteArrayInputStream(answer.getBytes(StandardCharsets.ISO_8859_1)))
        .body();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "\r\nhello",
        OK + "Content-Length: 5\r\n\r\nhello and more",
        OK + "content-length:5\r\nContent-Type: x\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\nhello",
        OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\n\nhello",
        "HTTP/1.1 200\r\n\r\nhello"
      })
  void readsTheBody(String answer) throws IOException {
    assertThat(read(answer)).isEqualTo(Bytes.utf8("hello"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK",
        OK,
        OK + "Content-Length: 6\r\n\r\nhello",
        OK + "Content-Length: -1\r\n\r\nhello",
        OK + "Content-Length: +5\r\n\r\nhello",
        OK + "Content-Length: 99999999999\r\n\r\nhello",
        OK + "Content-Length: 1048577\r\n\r\nhello",
        OK + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        OK + "Content-Length: 5, 5\r\n\r\nhello",
        OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: gzip\r\n\r\nhello",
        OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + "Content-Encoding: gzip\r\n\r\nhello",
        OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello",
        OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
        OK + "Transfer-Encoding: chunked\r\n\r\n\r\n",
        OK + "no colon\r\n\r\nhello",
        OK + ": empty name\r\n\r\nhello",
        OK + " folded: x\r\n\r\nhello",
        "HTTP/1.1 2000\r\n\r\nhello",
        "HTTP/1.2 200 OK\r\n\r\nhello"
      })
  void refusesEverythingElse(String answer) {
    assertThatThrownBy(() -> read(answer)).isInstanceOf(IOException.class);
  }

  @Test
  void headsAndChunksAreBounded() {
    assertThatThrownBy(() -> read(OK + "X: " + "y".repeat(17_000) + "\r\n\r\n"))
        .hasMessage("the answer's head is too long");
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    assertThatThrownBy(
            () -> read(OK + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17) + "0\r\n\r\n"))
        .hasMessage("more than 1048576 bytes");
  }

  @Property
  void anyBytesAreABodyOrAnIoException(@ForAll byte[] tail) {
    byte[] head = (OK + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[head.length + tail.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(tail, 0, whole, head.length, tail.length);
    for (byte[] answer : new byte[][] {tail, whole}) {
      try {
        assertThat(new HttpResponse(new ByteArrayInputStream(answer)).body()).isNotNull();
      } catch (IOException e) {
        assertThat(e).isNotNull();
      }
    }
  }
}
