package dstack.kms.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * JavaScript on Node.js with the packages of {@code build/npm}: implementations by others, from
 * which expected values come.
 *
 * <p>{@code ./kms test} installs the packages; where they are missing, the running test is left
 * out.
 */
public final class Node {
  private static final long SECONDS = 180; // compilers are slow on a busy machine

  private Node() {}

  /**
   * Runs an ES module; returns what it printed, without surrounding white space.
   *
   * @param script the module's text; {@code process.argv.slice(1)} are the arguments
   * @throws AssertionError if it ends with another status than 0 or not within three minutes
   */
  public static String run(String script, String... arguments) {
    Path node = Tool.require("node");
    Path folder = packages();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(node.toString(), "--input-type=module", "--eval", script, "--"));
    command.addAll(List.of(arguments));
    try {
      return outputOf(command, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The folder whose {@code node_modules} is there; without it the running test is left out. */
  public static Path packages() {
    Path folder = ProjectRoot.path().resolve("build/npm");
    if (!Files.isDirectory(folder.resolve("node_modules"))) {
      throw LeftOut.because("the npm packages of build/npm (./kms test installs them)");
    }
    return folder;
  }

  private static String outputOf(List<String> command, Path folder)
      throws IOException, InterruptedException {
    Path errors = Files.createTempFile("node", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("node failed: " + Files.readString(errors));
      }
      return output.strip();
    } finally {
      process.destroyForcibly();
      Files.delete(errors);
    }
  }
}
