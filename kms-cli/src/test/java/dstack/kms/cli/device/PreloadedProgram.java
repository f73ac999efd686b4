package dstack.kms.cli.device;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.NativeDoubles;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program in a process of its own with {@code native/doubles.c} in the kernel's place. One
 * process runs one command after the other, because its start costs more than they do.
 */
public final class PreloadedProgram implements AutoCloseable {
  /** The file in the doubles' folder with what goes to standard error. */
  static final String SAID = "stderr";

  private final Process process;
  private final DataOutputStream commands;
  private final DataInputStream answers;
  private final Path said;

  /** Starts it; the doubles find their files in that folder. */
  public PreloadedProgram(Path doubles) {
    said = doubles.resolve(SAID);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CommandLoop.class.getName())
            .redirectError(said.toFile());
    builder.environment().put("LD_PRELOAD", NativeDoubles.library().toString());
    builder.environment().put(NativeDoubles.VARIABLE, doubles.toString());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands = new DataOutputStream(process.getOutputStream());
    answers = new DataInputStream(process.getInputStream());
  }

  /** Runs one command to its end. */
  public Run run(List<String> words) {
    try {
      commands.writeInt(words.size());
      for (String word : words) {
        commands.writeUTF(word);
      }
      commands.flush();
      return new Run(answers.readInt(), text(), text());
    } catch (IOException e) {
      throw new AssertionError("the program ended: " + said(), e);
    }
  }

  private String text() throws IOException {
    return new String(answers.readNBytes(answers.readInt()), StandardCharsets.UTF_8);
  }

  private String said() {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it; what the doubles had to complain about fails the test. */
  @Override
  public void close() {
    try {
      commands.writeInt(0);
      commands.close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    assertThat(said()).doesNotContain("doubles:");
  }
}
