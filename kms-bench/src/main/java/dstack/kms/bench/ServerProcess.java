package dstack.kms.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, so that its processor time is its own. */
final class ServerProcess implements AutoCloseable {
  /** Ticks of the kernel's clock in a second, the same on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  final int port;

  /** Starts {@code main} with the flags and the class path of this program; waits for its port. */
  ServerProcess(Class<?> main, Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), main.getName(), folder.toString()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    @SuppressWarnings("resource") // ends with the process
    BufferedReader printed = process.inputReader();
    String line = printed.readLine();
    if (line == null) {
      throw new IOException(main.getSimpleName() + " did not start");
    }
    port = Integer.parseInt(line.strip());
  }

  /** Processor time used so far, user and system, in microseconds. */
  double microseconds() throws IOException {
    String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
    return ticks / TICKS_PER_SECOND * 1e6;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close(); // each server ends when its input ends
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
