package dstack.kms.onboard.testing;

import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real age and age-keygen. */
public final class Age {
  private Age() {}

  /** A fresh identity in that file; its recipient. */
  public static String keygen(Path identity) {
    run("age-keygen", new byte[0], "-o", identity.toString());
    byte[] recipient = run("age-keygen", new byte[0], "-y", identity.toString());
    return new String(recipient, StandardCharsets.US_ASCII).strip();
  }

  /** What {@code age} with these arguments makes of the input; fails unless it ends with 0. */
  public static byte[] run(byte[] input, String... arguments) {
    return run("age", input, arguments);
  }

  private static byte[] run(String program, byte[] input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Tool.require(program).toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().write(input);
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      if (process.waitFor() != 0) {
        throw new AssertionError(command + " failed");
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
