package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HAProxy itself reads the shipped file. */
final class HaproxyConfigTest {
  private static final Path SHIPPED = ProjectRoot.path().resolve("deploy/haproxy/haproxy.cfg");

  private static int check(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Tool.require("haproxy").toString(), "-c", "-f", file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output).doesNotContain("[WARNING]");
    return process.waitFor();
  }

  @Test
  void isValidAsItIsShipped() throws Exception {
    assertThat(check(SHIPPED)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"mode tcp,mode tcpp", "option redispatch 1,option redispatched", "fall 1,fal 1"})
  void isNotTakenWithAMistake(String from, String to, @TempDir Path folder) throws Exception {
    String text = Files.readString(SHIPPED);
    assertThat(text).contains(from);

    assertThat(check(Files.writeString(folder.resolve("h.cfg"), text.replace(from, to))))
        .isNotZero();
  }

  @Test
  void passesConnectionsThroughAsTheyAre() throws IOException {
    assertThat(
            Files.readAllLines(SHIPPED).stream()
                .map(String::strip)
                .filter(line -> !line.startsWith("#")))
        .contains("mode tcp")
        .noneMatch(line -> line.contains("send-proxy") || line.contains(" ssl"));
  }
}
