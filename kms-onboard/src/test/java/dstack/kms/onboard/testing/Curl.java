package dstack.kms.onboard.testing;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs the real curl, as the published guide does. */
public final class Curl {
  private Curl() {}

  /**
   * What curl saw.
   *
   * @param exit curl's own exit status
   * @param status of HTTP; 0 without an answer
   * @param head status line and headers
   * @param body as text
   */
  public record Reply(int exit, int status, String head, String body) {}

  /** One request with these arguments, {@code -sS -i} added. */
  public static Reply run(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Tool.require("curl").toString());
    command.addAll(List.of("-sS", "-i", "--max-time", "60", "--noproxy", "*"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return split(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Reply split(int exit, String text) {
    int blank = text.indexOf("\r\n\r\n");
    if (blank < 0) {
      return new Reply(exit, 0, "", text);
    }
    String head = text.substring(0, blank);
    if (head.contains(" 100 Continue")) {
      return split(exit, text.substring(blank + 4));
    }
    int status = Integer.parseInt(head.substring(head.indexOf(' ') + 1).substring(0, 3));
    return new Reply(exit, status, head, text.substring(blank + 4));
  }
}
