package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.Program;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Lets a program go on from one call that writes to the next, and looks around at each. */
final class StopWalk {
  private final Path pipe;
  private final Path folder;
  private final Predicate<Call> look;
  private final BufferedWriter shell;

  /**
   * @param pipe to be made; strace prints into it
   * @param folder the calls about other places do not count
   * @param look is called while the program stands still after a call; false kills it there
   */
  StopWalk(Path pipe, Path folder, Predicate<Call> look) {
    this.pipe = pipe;
    this.folder = folder;
    this.look = look;
    Program.run(List.of("mkfifo", "-m", "600", pipe.toString())).success();
    try {
      shell = new ProcessBuilder("sh").start().outputWriter();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Follows the program, which is about to be started, to its end. */
  CompletableFuture<Void> follow() {
    return CompletableFuture.runAsync(this::walk, task -> Thread.ofPlatform().start(task));
  }

  /** Waits for the end of the program that was followed. */
  static void end(CompletableFuture<Void> walk) {
    try {
      walk.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private void walk() {
    try (BufferedReader lines = Files.newBufferedReader(pipe);
        shell) {
      List<Call> last = List.of();
      String stopping = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<Call> call = Call.of(line).toList();
        last = call.isEmpty() ? last : call;
        String thread = line.substring(0, Math.max(0, line.indexOf(' ')));
        if (line.contains("--- SIGSTOP {")) {
          stopping = thread;
        } else if (line.contains("--- stopped by SIGSTOP") && thread.equals(stopping)) {
          boolean goOn = last.stream().filter(each -> each.within(folder)).allMatch(look);
          last = List.of();
          stopping = "";
          signal(goOn ? "CONT" : "KILL", thread);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A shell that is there already is the quickest way to send a signal. */
  private void signal(String signal, String thread) throws IOException {
    shell.write("kill -" + signal + " " + thread + "\n");
    shell.flush();
  }
}
