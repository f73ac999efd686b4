package dstack.kms.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.process.Distribution.Ended;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistributionProcessTest {
  @TempDir private Path folder;

  private static Ended verifyQuote(String now) throws IOException, InterruptedException {
    return Distribution.kms(
        "verify",
        "quote",
        Vectors.path("tdx/tdx_quote_v4_a.bin").toString(),
        "--collateral",
        Vectors.path("tdx/tdx_quote_v4_a.collateral.json").toString(),
        "--now",
        now,
        "--json");
  }

  @Test
  void acceptsARealQuoteWithNothingOnStandardError() throws Exception {
    Ended ended = verifyQuote("1752919234");

    assertThat(ended.status()).isZero();
    assertThat(ended.out()).startsWith("{\"status\":\"UpToDate\",\"advisory_ids\":[],");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void endsWithTheStatusOfARefusal() throws Exception {
    Ended ended = verifyQuote("1752919235");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).startsWith("{\"error\":");
  }

  @Test
  void endsWithTheStatusOfWrongUsage() throws Exception {
    Ended ended = Distribution.kms("verify", "quote", "/nonexistent");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("no such file").doesNotContain("\tat ");
  }

  @Test
  void namesItsVersion() throws Exception {
    assertThat(Distribution.kms("--version").out()).startsWith("kms v");
  }

  @Test
  void startsThroughALinkInAnotherFolder() throws Exception {
    Path link =
        Files.createSymbolicLink(folder.resolve("kms"), Distribution.FOLDER.resolve("bin/kms"));

    assertThat(Distribution.run(link, Map.of(), "--version").status()).isZero();
  }

  @Test
  void startsFromACopyInAFolderWithASpace() throws Exception {
    Path copy = folder.resolve("a copy");
    copyInto(copy);

    Ended ended = Distribution.run(copy.resolve("bin/kms"), Map.of(), "--version");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
  }

  private static void copyInto(Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(Distribution.FOLDER)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(Distribution.FOLDER.relativize(file).toString()));
      }
    }
  }

  @Test
  void passesOverAJavaThatIsTooOldOrNoJava() throws Exception {
    Path home = folder.resolve("old");
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
    Path java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    Ended ended =
        Distribution.run(
            Distribution.FOLDER.resolve("bin/kms"),
            Map.of("KMS_JAVA_HOME", home.toString(), "JAVA_HOME", folder.toString()),
            "--version");

    assertThat(ended.status()).isZero();
  }

  @Test
  void closesTheJvmToDebuggersAndDumps() throws Exception {
    Ended ended =
        Distribution.run(
            Distribution.FOLDER.resolve("bin/kms"),
            Map.of("KMS_JAVA_OPTS", "-XX:+PrintFlagsFinal"),
            "--version");

    assertThat(ended.out())
        .containsPattern("bool DisableAttachMechanism += true")
        .containsPattern("bool UsePerfData += false")
        .containsPattern("bool HeapDumpOnOutOfMemoryError += false");
  }

  @Test
  void takesItsClassesFromTheArchive() throws Exception {
    Path loaded = folder.resolve("loaded.txt");
    String log = "-Xlog:class+load:file=" + loaded;

    Distribution.run(
        Distribution.FOLDER.resolve("bin/kms"), Map.of("KMS_JAVA_OPTS", log), "config", "check");

    assertThat(Files.readAllLines(loaded))
        .anyMatch(line -> line.contains(" dstack.kms.") && line.contains("shared objects file"))
        .filteredOn(line -> line.contains(" dstack.kms.") && line.contains("source: file:"))
        .hasSizeLessThan(60);
  }

  @Test
  void saysNothingOfAnArchiveThatDoesNotFit() throws Exception {
    Path copy = folder.resolve("copy");
    copyInto(copy);
    Files.writeString(copy.resolve("cache/kms.jsa"), "not an archive");

    Ended ended = Distribution.run(copy.resolve("bin/kms"), Map.of(), "--version");

    assertThat(ended.out()).startsWith("kms v").hasLineCount(1);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
  }

  @Test
  void holdsExactlyTheJarsThatItsManifestNames() throws Exception {
    Path lib = Distribution.FOLDER.resolve("lib");
    List<String> named;
    try (JarFile jar = new JarFile(lib.resolve("kms.jar").toFile())) {
      named = List.of(jar.getManifest().getMainAttributes().getValue("Class-Path").split(" ", -1));
    }

    try (Stream<Path> files = Files.list(lib)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(named.stream(), Stream.of("kms.jar")).toList());
    }
  }
}
