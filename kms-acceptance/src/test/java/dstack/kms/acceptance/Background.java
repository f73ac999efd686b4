package dstack.kms.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A program that runs until the test ends it; its output can be waited for line by line. */
public final class Background implements AutoCloseable {
  private static final long LIMIT_SECONDS = 120;

  /** Stands in the queue behind the last line. */
  private static final String ENDED = "\u0000ended";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Queue<String> everything = new ConcurrentLinkedQueue<>();

  /** Starts it. */
  public Background(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::collect);
  }

  /** Waits until the program prints a line in which the pattern is found. */
  public String await(String pattern) {
    Pattern wanted = Pattern.compile(pattern);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    try {
      while (true) {
        String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (line == null || line.equals(ENDED)) {
          throw new AssertionError("never printed " + pattern + ":\n" + output());
        }
        if (wanted.matcher(line).find()) {
          return line;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether the program prints such a line; otherwise it ends before. */
  public boolean awaitOrEnd(String pattern) {
    try {
      await(pattern);
      return true;
    } catch (AssertionError e) {
      if (process.isAlive()) {
        throw e;
      }
      return false;
    }
  }

  /** Waits for the program's own end. */
  public int status() {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("did not end:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything printed so far. */
  public String output() {
    return String.join("\n", everything);
  }

  /** Whether it has not ended yet. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Its process, which is the program itself: what starts it does not fork. */
  public long pid() {
    return process.pid();
  }

  /** Ends the program as a failing machine does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    status();
  }

  /** Asks the program to end, as an operator does. */
  public void terminate() {
    process.destroy();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void collect() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        everything.add(line);
        lines.add(line);
      }
    } catch (IOException e) {
      everything.add("output ended: " + e.getMessage());
    } finally {
      lines.add(ENDED);
    }
  }
}
