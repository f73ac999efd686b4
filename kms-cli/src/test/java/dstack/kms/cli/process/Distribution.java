package dstack.kms.cli.process;

import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The distribution that this build packaged. */
final class Distribution {
  static final Path FOLDER = ProjectRoot.path().resolve("kms-cli/target/dist");

  private Distribution() {}

  /** How a process ended. */
  record Ended(int status, String out, String err) {}

  /** Runs a start script to its end, for at most a minute. */
  static Ended run(Path script, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("kms", ".out");
    Path err = Files.createTempFile("kms", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("still running after a minute: " + command);
      }
      return new Ended(process.exitValue(), text(out), text(err));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Runs {@code bin/kms}. */
  static Ended kms(String... arguments) throws IOException, InterruptedException {
    return run(FOLDER.resolve("bin/kms"), Map.of(), arguments);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
