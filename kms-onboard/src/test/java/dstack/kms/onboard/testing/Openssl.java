package dstack.kms.onboard.testing;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs the real openssl, which judges certificates independently of us. */
public final class Openssl {
  private Openssl() {}

  /** What openssl prints with these arguments, both streams. */
  public static String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Tool.require("openssl").toString()));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
