package dstack.kms.onboard.testing;

import dstack.kms.testkit.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A request over a TLS connection of openssl whose head was read and whose body waits. */
public final class HalfRequest implements AutoCloseable {
  private final Process client;
  private final BufferedReader answer;
  private final String body;

  private HalfRequest(Process client, String body) {
    this.client = client;
    this.answer = client.inputReader(StandardCharsets.ISO_8859_1);
    this.body = body;
  }

  /** Returns once the server has asked for the body, so that it has chosen the route already. */
  public static HalfRequest post(String url, String body) throws IOException {
    URI uri = URI.create(url);
    List<String> command =
        List.of(
            Tool.require("openssl").toString(),
            "s_client",
            "-quiet",
            "-connect",
            uri.getHost() + ":" + uri.getPort());
    Process client =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    HalfRequest half = new HalfRequest(client, body);
    half.send(
        "POST "
            + uri.getRawPath()
            + "?json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n");
    String first = half.answer.readLine();
    if (first == null || !first.startsWith("HTTP/1.1 100 ")) {
      throw new IOException("not asked for the body: " + first);
    }
    return half;
  }

  /** Sends the body; the whole answer as text. */
  public String complete() throws IOException {
    send(body);
    StringBuilder all = new StringBuilder();
    answer.lines().forEach(line -> all.append(line).append('\n'));
    return all.toString();
  }

  private void send(String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    client.getOutputStream().flush();
  }

  @Override
  public void close() {
    client.destroy();
  }
}
