package dstack.kms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** shellcheck has nothing to say about any shell script of the project. */
final class ShellScriptsTest {
  private static final List<String> FOLDERS =
      List.of("build", "deploy", "kms-cli/src/main/dist/bin", "kms-acceptance/src/test/pages");

  private static List<Path> scripts() throws IOException {
    Path root = ProjectRoot.path();
    List<Path> scripts = new ArrayList<>(List.of(root.resolve("kms"), root.resolve(".ci/run")));
    for (String folder : FOLDERS) {
      try (Stream<Path> found = Files.walk(root.resolve(folder))) {
        found
            .filter(file -> !file.toString().contains("node_modules"))
            .filter(Files::isRegularFile)
            .filter(ShellScriptsTest::isScript)
            .forEach(scripts::add);
      }
    }
    return scripts;
  }

  private static boolean isScript(Path file) {
    String name = file.toString();
    boolean named = name.endsWith("/new-project") || name.endsWith("/compose-hash");
    return named || name.endsWith(".sh") || (name.contains("dist/bin/") && !name.endsWith(".args"));
  }

  @Test
  void shellcheckIsContent() throws Exception {
    List<Path> scripts = scripts();
    assertThat(scripts).hasSizeGreaterThan(8);
    for (Path script : scripts) {
      boolean posix =
          script.toString().contains("dist/bin") || script.toString().contains("/deploy/");
      Process process =
          new ProcessBuilder(
                  Tool.require("shellcheck").toString(),
                  "--shell=" + (posix ? "sh" : "bash"),
                  "--severity=warning",
                  // what a sourced file uses or sets is seen from the file that sources it
                  "--exclude=SC1090,SC1091,SC2034,SC2154",
                  script.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
  }
}
