package dstack.kms.cli.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the distribution that runs until it is stopped. */
final class Running implements AutoCloseable {
  private final Process process;
  private final Path errors;

  private Running(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** Starts a script of {@code bin} with these variables. */
  static Running start(String script, Map<String, String> variables, String... arguments)
      throws IOException {
    Path errors = Files.createTempFile("kms", ".err");
    List<String> command = new ArrayList<>();
    command.add(Distribution.FOLDER.resolve("bin").resolve(script).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(variables);
    return new Running(builder.start(), errors);
  }

  /** The lines of standard output up to the one that begins so, which is the last. */
  List<String> linesUntil(String beginning) throws IOException {
    List<String> lines = new ArrayList<>();
    BufferedReader reader = process.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.add(line);
      if (line.startsWith(beginning)) {
        return lines;
      }
    }
    throw new AssertionError("ended too early: " + lines + "\n" + errors());
  }

  /** What it said on standard error so far. */
  String errors() throws IOException {
    return Files.readString(errors);
  }

  /** Asks it to read its configuration anew (SIGHUP). */
  void hangUp() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-HUP", String.valueOf(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("ended before: " + errors());
    }
  }

  /** Asks it to end (SIGTERM); its exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("still running half a minute after SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(errors);
  }
}
