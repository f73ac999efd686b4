package dstack.kms.acceptance.container;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * One name for both processors, and an image for arm64 in which everything is for arm64. Its
 * runtime is a {@linkplain StandIns stand-in}; nothing of it has run.
 */
final class TwoProcessorsTest {
  private static final List<String> NATIVE =
      List.of(
          "libamazonCorrettoCryptoProvider.so",
          "libjnidispatch.so",
          "libnetty_tcnative_linux_aarch_64.so",
          "libnetty_transport_native_epoll_aarch_64.so");

  @ParameterizedTest
  @ValueSource(strings = {"plain", "shell"})
  void eachNameIsAnIndexOverTheImageOfEachProcessor(String variant) {
    JsonNode index = Image.index(variant);
    List<String> platforms = new ArrayList<>();
    for (JsonNode each : index.get("manifests")) {
      JsonNode platform = each.get("platform");
      String processor = platform.get("architecture").stringValue();
      platforms.add(platform.get("os").stringValue() + "/" + processor);
      JsonNode config = Image.json(Image.json(each).get("config"));
      assertThat(config.get("architecture").stringValue()).isEqualTo(processor);
      assertThat(config.get("config").get("Cmd"))
          .isEqualTo(Image.of(variant).config().get("config").get("Cmd"));
    }

    assertThat(index.get("mediaType").stringValue())
        .isEqualTo("application/vnd.oci.image.index.v1+json");
    assertThat(platforms).containsExactly("linux/amd64", "linux/arm64");
  }

  @Test
  void everyProgramAndLibraryOfTheImageForArm64IsForArm64() throws IOException {
    Path root = Image.of("shell", "arm64").root();
    String readelf = Tool.require("readelf").toString();
    List<Path> native64 = new ArrayList<>();
    try (Stream<Path> found = Files.walk(root)) {
      for (Path file : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
        if (!Files.isSymbolicLink(file) && startsAsElf(file)) {
          native64.add(file);
        }
      }
    }

    assertThat(native64.stream().map(file -> root.relativize(file).toString()))
        .contains("usr/local/bin/kms", "usr/local/bin/dstack-kms", "usr/local/bin/helios")
        .contains("bin/busybox", "lib/aarch64-linux-gnu/libc.so.6", "opt/kms/runtime/bin/java")
        .containsAll(NATIVE.stream().map(name -> "opt/kms/native/" + name).toList());
    for (Path file : native64) {
      assertThat(Program.run(List.of(readelf, "-h", file.toString())).success())
          .as(file.toString())
          .containsPattern("Machine: +AArch64");
    }
    assertThat(root.resolve("lib/ld-linux-aarch64.so.1")).isSymbolicLink();
  }

  /** It can be made by a runtime of that processor only, which does not run here. */
  @Test
  void theImageForArm64HasNoClassArchiveAndAsksForNone() {
    Path home = Image.of("shell", "arm64").root().resolve("opt/kms");

    assertThat(home.resolve("kms.jsa")).doesNotExist();
    assertThat(Host.read(home.resolve("jvm.args")))
        .doesNotContain("SharedArchiveFile", "x86_64")
        .contains("netty-tcnative-boringssl-static", "linux-aarch_64.jar");
  }

  /**
   * All but the Java runtime and the class archive, which take too long to be made twice here:
   * {@code ./kms reproduce image} does that.
   */
  @Test
  void assembledAgainInAnotherFolderItIsTheSameBytes(@TempDir Path folder) throws IOException {
    assertThat(Image.again(folder)).isEqualTo(Image.of("plain", "arm64").manifest());
  }

  private static boolean startsAsElf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(4), java.nio.charset.StandardCharsets.ISO_8859_1)
          .equals("\u007fELF");
    }
  }
}
