package dstack.kms.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Programs that the build runs to their end. */
final class Command {
  private Command() {}

  /** What it printed, on both streams; a status other than 0 is a problem that quotes its end. */
  static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (status(process) != 0) {
      String end = output.substring(Math.max(0, output.length() - 800)).strip();
      throw new ImageProblem(command.getFirst() + " failed: " + end);
    }
    return output;
  }

  private static int status(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new ImageProblem("interrupted", e);
    }
  }
}
