package dstack.kms.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chain of its own on loopback: a real anvil process with chain id 31337 unless told otherwise,
 * ten funded accounts and the port that the system gave.
 *
 * <p>{@code ./kms test} installs it; where it is missing, the running test is left out. Closing
 * kills the process.
 */
public final class Anvil implements AutoCloseable {
  /** The key of its first account, which everybody knows. */
  public static final String FIRST_KEY =
      "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

  /** The address of its first account. */
  public static final String FIRST_ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

  private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final URI url;

  private Anvil(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts a chain.
   *
   * @param options more words for the command line, for example {@code --chain-id 84532}
   */
  public static Anvil start(String... options) {
    List<String> command =
        new ArrayList<>(List.of(program().toString(), "--host", "127.0.0.1", "--port", "0"));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new Anvil(process, URI.create("http://127.0.0.1:" + portOf(process)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program itself, not the launcher that npm puts before it and that outlives a kill. */
  public static Path program() {
    Path program = Node.packages().resolve("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    if (!Files.isExecutable(program)) {
      throw LeftOut.because("anvil (./kms test installs it)");
    }
    return program;
  }

  private static int portOf(Process process) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {}));
        return Integer.parseInt(listening.group(1));
      }
    }
    throw new AssertionError("anvil did not start: " + said);
  }

  /** Where it answers JSON-RPC. */
  public URI url() {
    return url;
  }

  /** Kills the process and waits for its end. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
