package dstack.kms.acceptance.container;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the images hold, what they say about themselves, and what runs in them. */
final class ContentsTest {
  /** Windows and drawing, and flight recordings: those who name them do without. */
  private static final List<String> NEVER_NEEDED = List.of("java.desktop", "jdk.jfr");

  /** Looked up by name, by Netty; what java.naming and java.sql require. */
  private static final List<String> NEEDED_UNSEEN =
      List.of("java.management", "java.security.sasl", "java.transaction.xa");

  @TempDir private Path volume;

  private static List<Path> files(Image image) throws IOException {
    try (Stream<Path> found = Files.walk(image.root())) {
      return found.toList();
    }
  }

  @Test
  void thePlainVariantHasNoProgramsButTheServersOwn() throws IOException {
    Image plain = Image.of("plain");
    Path root = plain.root();
    List<String> programs =
        files(plain).stream()
            .filter(Files::isRegularFile)
            .filter(Files::isExecutable)
            .map(file -> root.relativize(file).toString())
            .filter(name -> !name.contains(".so"))
            .toList();

    assertThat(programs)
        .containsExactlyInAnyOrder(
            "opt/kms/runtime/bin/java",
            "opt/kms/runtime/bin/jwebserver",
            "opt/kms/runtime/bin/keytool",
            "opt/kms/runtime/lib/jexec",
            "opt/kms/runtime/lib/jspawnhelper",
            "usr/local/bin/dstack-kms",
            "usr/local/bin/kms");
  }

  @Test
  void theVariantWithAShellHasWhatTheGuidesCommandCallsBeside() {
    Path bin = Image.of("shell").root().resolve("bin");

    assertThat(bin).isDirectoryContaining("glob:**/sh").isDirectoryContaining("glob:**/mkdir");
    assertThat(Image.of("plain").root().resolve("bin")).doesNotExist();
    assertThat(Container.of(Image.of("shell"), volume).run("sh", "-c", "cat /etc/passwd").success())
        .contains("kms:x:10001:10001:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "shell"})
  void everybodyCanReadEverythingAndNothingRunsAsSomebodyElse(String variant) throws IOException {
    Image image = Image.of(variant);
    for (Path file : files(image)) {
      if (Files.isSymbolicLink(file) || file.equals(image.root().resolve("kms"))) {
        continue;
      }
      int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      assertThat(mode & 06000).as("set-id bits of " + file).isZero();
      Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
      assertThat(granted).as(file.toString()).contains(PosixFilePermission.OTHERS_READ);
      if (!file.endsWith("tmp")) {
        assertThat(granted).doesNotContain(PosixFilePermission.OTHERS_WRITE);
      }
    }
    assertThat((int) Files.getAttribute(image.root().resolve("tmp"), "unix:mode") & 07777)
        .isEqualTo(01777);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "shell"})
  void saysHowItIsRunAndWhatItIs(String variant) {
    JsonNode config = Image.of(variant).config();
    JsonNode run = config.get("config");

    assertThat(config.get("os").stringValue()).isEqualTo("linux");
    assertThat(config.get("architecture").stringValue()).isEqualTo("amd64");
    assertThat(run.get("User").stringValue()).isEqualTo("10001:10001");
    assertThat(run.get("Cmd").toString()).isEqualTo("[\"dstack-kms\"]");
    assertThat(run.has("Entrypoint")).isFalse();
    assertThat(run.get("StopSignal").stringValue()).isEqualTo("SIGTERM");
    JsonNode labels = run.get("Labels");
    assertThat(labels.get("org.opencontainers.image.revision").stringValue()).hasSize(40);
    assertThat(labels.get("dstack.kms.variant").stringValue()).isEqualTo(variant);
    assertThat(labels).isEqualTo(Image.of(variant).manifest().get("annotations"));
  }

  @Test
  void theRuntimeHasExactlyTheModulesThatTheJarsInTheImageUse() throws IOException {
    Path home = Image.of("plain").root().resolve("opt/kms");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/jdeps").toString(),
                "--multi-release",
                "25",
                "--ignore-missing-deps",
                "-s"));
    try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
      jars.map(Path::toString).forEach(command::add);
    }
    Set<String> used =
        Program.run(command)
            .success()
            .lines()
            .map(line -> line.substring(line.indexOf("-> ") + 3))
            .filter(module -> module.startsWith("java.") || module.startsWith("jdk."))
            .filter(module -> !NEVER_NEEDED.contains(module))
            .collect(Collectors.toCollection(TreeSet::new));
    used.addAll(NEEDED_UNSEEN);
    String release = Host.read(home.resolve("runtime/release"));

    assertThat(release.replaceAll("(?s).*MODULES=\"([^\"]*)\".*", "$1").split(" "))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  void theClassesOfAStartComeFromTheArchive() throws IOException {
    Container.of(Image.of("plain"), volume)
        .run(
            "/opt/kms/runtime/bin/java",
            "@/opt/kms/jvm.args",
            "-Xlog:class+load:file=/kms/loaded",
            "dstack.kms.cli.Main",
            "config",
            "check",
            "--help")
        .success();
    List<String> loaded = Files.readAllLines(volume.resolve("loaded"));
    long archived = loaded.stream().filter(it -> it.contains("shared objects file")).count();
    long read = loaded.stream().filter(it -> it.matches(".* source: (jrt|file):.*")).count();

    assertThat(archived).isGreaterThan(1500);
    assertThat(read).as("classes that were read from jars or modules").isLessThan(archived / 20);
  }

  @Test
  void theBillOfMaterialsInsideNamesWhatIsNotOfMaven() {
    JsonNode bill =
        JsonMapper.builder()
            .build()
            .readTree(Host.read(Image.of("shell").root().resolve("opt/kms/bom.json")));

    assertThat(bill.get("components").valueStream().map(it -> it.get("name").stringValue()))
        .contains("jdk", "libc6", "ca-certificates", "busybox-static");
  }

  @Test
  void aWholeNodeOnASimulatedPlatformWorksInIt() {
    Program checked =
        Container.of(Image.of("plain"), volume)
            .run("kms", "dev", "--check", "--dir", "/kms/dev", "--port", "" + Host.freePort());

    assertThat(checked.success()).contains(" checks held, 0 failed");
  }

  @Test
  void theCommandsWorkUnderBothNamesAndEndWithTheirStatus() {
    Container container = Container.of(Image.of("plain"), volume);

    assertThat(container.run("kms", "--version").success()).startsWith("kms v");
    assertThat(container.run("dstack-kms", "--version").success()).startsWith("kms v");
    assertThat(container.run("kms").status()).isEqualTo(2);
    assertThat(container.run("dstack-kms").err()).doesNotContain("Usage");
    assertThat(container.run("dstack-kms", "-c", "/kms/none.toml").err())
        .isEqualTo("kms: the configuration file /kms/none.toml does not exist\n");
  }
}
