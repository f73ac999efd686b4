package dstack.kms.cli.dev;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A chain of its own on loopback, for development: an anvil process. It begins empty and is gone
 * when it is closed.
 */
final class LocalChain implements AutoCloseable {
  /** Chain id of every anvil that is not told another one. */
  static final long ID = 31337;

  /** The key of anvil's first account, which everybody knows; it owns what is deployed. */
  static final String KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

  private static final String PROGRAM = "KMS_ANVIL";
  private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final URI url;

  private LocalChain(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts it at any free port.
   *
   * @param variables may name the program
   */
  static LocalChain start(Map<String, String> variables) {
    // A block every few seconds beside those of transactions: a head that stands still is stale.
    List<String> command =
        List.of(
            program(variables).toString(),
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--block-time",
            "5",
            "--mixed-mining");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new LocalChain(process, URI.create("http://127.0.0.1:" + portOf(process)));
    } catch (IOException e) {
      throw DevRefusal.CHAIN.because("cannot start anvil", e);
    }
  }

  private static Path program(Map<String, String> variables) {
    String named = variables.getOrDefault(PROGRAM, "");
    Stream<Path> places =
        named.isEmpty()
            ? Stream.of(variables.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "anvil"))
            : Stream.of(Path.of(named));
    return places
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                DevRefusal.CHAIN.because(
                    "--chain needs anvil: put it on the PATH or name it in "
                        + PROGRAM
                        + " (npm has it as @foundry-rs/anvil)"));
  }

  private static int portOf(Process process) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(' ').append(line.strip());
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        // What it goes on to print must not fill the pipe.
        Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
        return Integer.parseInt(listening.group(1));
      }
    }
    throw DevRefusal.CHAIN.because("anvil ended:" + said);
  }

  /** Where it answers JSON-RPC. */
  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
