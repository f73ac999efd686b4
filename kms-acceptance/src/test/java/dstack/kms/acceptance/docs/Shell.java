package dstack.kms.acceptance.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One terminal: a bash that is given one file after the other, and keeps its variables between. */
final class Shell implements AutoCloseable {
  private static final long LIMIT_SECONDS = 150;
  private static final long GRACE_SECONDS = 20;
  private static final char END = '\u0001';

  private final Process process;
  private final Writer input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** Starts it with a command that ends in bash without a script. */
  Shell(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    input = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().start(this::collect);
  }

  /**
   * What came of a script.
   *
   * @param status of its last command, or of the one that ended the shell
   * @param output of all of it, as a terminal shows it, without the empty lines around it
   */
  record Ended(int status, String output) {}

  /** Runs the script in this shell; a page and line name it if it does not end. */
  Ended run(String where, Path script) {
    try {
      input.write(". " + script + " </dev/null\nprintf '\\n\\001%s\\n' $?\n");
      input.flush();
    } catch (IOException e) {
      return ended("");
    }
    StringBuilder output = new StringBuilder();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      String line =
          next(deadline)
              .orElseThrow(
                  () ->
                      new AssertionError(
                          where + ": no end within " + LIMIT_SECONDS + " s after\n" + output));
      if (line.isEmpty() || line.charAt(0) != END) {
        output.append(line).append('\n');
      } else if (line.length() == 1) {
        return ended(output.toString());
      } else {
        return new Ended(Integer.parseInt(line.substring(1)), stripped(output.toString()));
      }
    }
  }

  private Ended ended(String output) {
    try {
      return new Ended(process.waitFor(), stripped(output));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String stripped(String output) {
    return output.replaceFirst("^\n+", "").stripTrailing();
  }

  private Optional<String> next(long deadline) {
    try {
      return Optional.ofNullable(lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void collect() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("output ended: " + e.getMessage());
    } finally {
      lines.add(String.valueOf(END));
    }
  }

  /**
   * Ends the shell and waits until everything that it started is gone: its files are deleted next.
   */
  @Override
  public void close() {
    sayGoodbye();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        started.forEach(each -> each.onExit().join());
        process.waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void sayGoodbye() {
    try {
      input.close();
    } catch (IOException e) {
      lines.add("ended before: " + e.getMessage());
    }
  }
}
