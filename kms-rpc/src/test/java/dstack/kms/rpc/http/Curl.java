package dstack.kms.rpc.http;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** curl, as an independent client. */
public final class Curl {
  private Curl() {}

  /** The output of curl with these arguments; ten seconds at most. */
  public static String run(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Tool.require("curl").toString());
    command.addAll(List.of("--silent", "--show-error", "--max-time", "10", "--noproxy", "*"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(
              process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      process.waitFor(15, TimeUnit.SECONDS);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
