package dstack.kms.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the documentation does what it says. */
final class DevCheckTest {
  @Test
  void checksAnEmptyFolderAndKeepsItsKeysTheSecondTime(@TempDir Path folder) {
    Path directory = folder.resolve("dev");
    Program.run(check(directory)).success();
    String keys = fingerprint(directory);
    Program.run(check(directory)).success();
    assertThat(fingerprint(directory)).isEqualTo(keys).isNotEmpty();
  }

  private static java.util.List<String> check(Path directory) {
    return Host.kms(
        "dev", "--check", "--dir", directory.toString(), "--port", String.valueOf(Host.freePort()));
  }

  private static String fingerprint(Path directory) {
    return Program.run(
            java.util.List.of(
                "sh",
                "-c",
                "find \"$0\" -name 'root-*key' -o -name tmp-ca.key | sort | xargs sha256sum",
                directory.toString()))
        .success();
  }
}
