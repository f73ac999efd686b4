package dstack.kms.sim.testing;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a real program answered.
 *
 * @param output standard output and standard error
 */
public record Program(int status, String output) {
  /** Runs the program to its end, at most 30 seconds. */
  public static Program run(String name, String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addFirst(Tool.require(name).toString());
    try {
      Path output = Files.createTempFile("kms-sim", ".out");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(name + " did not end");
      }
      String text = new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
      Files.delete(output);
      return new Program(process.exitValue(), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
