package dstack.kms.cli.process;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Requests by curl, an HTTP and TLS client that is none of ours. */
final class Curl {
  private Curl() {}

  /** What curl printed, after it ended. */
  record Answer(int status, String body) {}

  static Answer get(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Tool.require("curl").toString(), "--silent", "--max-time", "30"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    String body = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), body);
  }
}
