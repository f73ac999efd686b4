package dstack.kms.core.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks the openssl program, an implementation that is not ours. */
final class OpenSsl {
  private OpenSsl() {}

  /** What the command prints; it must succeed. */
  static String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Tool.require("openssl").toString()));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The text of a certificate as openssl reads it. */
  static String text(Path folder, String pem) {
    return run("x509", "-noout", "-text", "-in", write(folder, "text.pem", pem).toString());
  }

  static Path write(Path folder, String name, String content) {
    try {
      return Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
