package dstack.kms.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is missing or does not fit is named in one sentence. */
final class BuildInputsTest {
  private static final String SUM = "ab".repeat(32);

  @TempDir private Path folder;

  private Path jdk(String release) throws IOException {
    Files.writeString(folder.resolve("release"), release);
    return folder;
  }

  @Test
  void namesTheOptionForAJdkThatIsNotThere() {
    JavaRuntime runtime = new JavaRuntime(folder.resolve("none"), Architecture.ARM64);

    assertThatThrownBy(runtime::version)
        .isInstanceOf(ImageProblem.class)
        .hasMessageMatching("no JDK 25 for arm64 in .*none: name its folder with --jdk-arm64");
  }

  @Test
  void refusesAJdkOfAnotherProcessor() throws IOException {
    Path jdk = jdk("JAVA_RUNTIME_VERSION=\"25.0.3+9-LTS\"\nOS_ARCH=\"x86_64\"\n");

    assertThat(new JavaRuntime(jdk, Architecture.AMD64).version()).isEqualTo("25.0.3+9-LTS");
    assertThatThrownBy(new JavaRuntime(jdk, Architecture.ARM64)::version)
        .hasMessageContaining("is not for arm64: name one with --jdk-arm64");
  }

  @Test
  void refusesAJdkThatDoesNotSayItsVersion() throws IOException {
    Path jdk = jdk("OS_ARCH=\"x86_64\"\n");
    assertThatThrownBy(new JavaRuntime(jdk, Architecture.AMD64)::version)
        .hasMessageContaining("JAVA_RUNTIME_VERSION");
  }

  @Test
  void saysThatAForeignJdkNeedsItsModules() throws IOException {
    Architecture foreign =
        Architecture.here() == Architecture.AMD64 ? Architecture.ARM64 : Architecture.AMD64;
    Path jdk = jdk("JAVA_RUNTIME_VERSION=\"25\"\nOS_ARCH=\"" + foreign.machine + "\"\n");

    assertThatThrownBy(() -> new JavaRuntime(jdk, foreign).link(folder.resolve("out")))
        .hasMessageContaining("has no folder jmods");
  }

  /** A runtime that jlink made elsewhere, of nothing but a program. */
  private Path linked(String modules, Architecture program) throws IOException {
    Path runtime =
        jdk("JAVA_RUNTIME_VERSION=\"25\"\nOS_ARCH=\"aarch64\"\nMODULES=" + modules + "\n");
    Files.createDirectories(runtime.resolve("lib"));
    Files.writeString(runtime.resolve("lib/modules"), "x");
    byte[] java = new Launcher("/x", List.of(), Optional.empty()).build(program);
    Files.write(runtime.resolve("java"), java);
    return runtime;
  }

  @Test
  void takesARuntimeThatWasLinkedOnAMachineOfItsProcessor() throws IOException {
    Path runtime = linked("\"" + String.join(" ", JavaRuntime.MODULES) + "\"", Architecture.ARM64);

    assertThat(new JavaRuntime(runtime, Architecture.ARM64).link(folder.resolve("out")))
        .isEqualTo(runtime);
  }

  @Test
  void refusesALinkedRuntimeThatLacksModules() throws IOException {
    JavaRuntime runtime =
        new JavaRuntime(
            linked("\"java.base jdk.httpserver\"", Architecture.ARM64), Architecture.ARM64);

    assertThatThrownBy(() -> runtime.link(folder.resolve("out")))
        .hasMessageMatching("the runtime in .* lacks \\[java.logging, .*")
        .hasMessageNotContaining("lacks [java.base");
  }

  @Test
  void refusesALinkedRuntimeWithAProgramOfAnotherProcessor() throws IOException {
    String modules = "\"" + String.join(" ", JavaRuntime.MODULES) + "\"";
    JavaRuntime runtime = new JavaRuntime(linked(modules, Architecture.AMD64), Architecture.ARM64);

    assertThatThrownBy(() -> runtime.link(folder.resolve("out")))
        .hasMessageMatching(".*java is not for arm64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"libc6 1 amd64", "libc6 1 amd64 ab", "libc6 1 amd64 x y", "libc6"})
  void refusesALineOfThePackageListThatPinsNothing(String line) throws IOException {
    Path list = Files.writeString(folder.resolve("list"), line + "\n");
    assertThatThrownBy(() -> DebianPackage.read(list, Architecture.AMD64))
        .hasMessageContaining("name, version, architecture, SHA-256: " + line);
  }

  @Test
  void takesThePackagesOfOneProcessor() throws IOException {
    Path list =
        Files.writeString(
            folder.resolve("list"),
            "# remark\nca 1 all %s\nlibc6 2 amd64 %s\nlibc6 3 arm64 %s\n".formatted(SUM, SUM, SUM));

    assertThat(DebianPackage.read(list, Architecture.ARM64))
        .containsExactly(
            new DebianPackage("ca", "1", "all", SUM),
            new DebianPackage("libc6", "3", "arm64", SUM));
  }

  @Test
  void thePinnedPackagesAreTheSameForBothProcessors() throws IOException {
    Path list = ProjectRoot.path().resolve("build/image/packages.txt");
    assertThat(
            DebianPackage.read(list, Architecture.AMD64).stream()
                .map(it -> it.name() + it.version()))
        .containsExactlyInAnyOrderElementsOf(
            DebianPackage.read(list, Architecture.ARM64).stream()
                .map(it -> it.name() + it.version())
                .toList())
        .hasSize(3);
  }

  @Test
  void refusesAToolThatIsNotThere() {
    Map<String, List<Path>> tools = Map.of("usr/bin/jq", List.of(folder.resolve("jq")));
    assertThatThrownBy(() -> Tools.add(new FileTree(), tools, Architecture.here()))
        .hasMessageMatching("no program .*jq for /usr/bin/jq");
  }

  @Test
  void refusesAToolThatNeedsLibrariesOrIsForAnotherProcessor() {
    Map<String, List<Path>> tools = Map.of("usr/bin/tar", List.of(Tool.require("tar")));
    assertThatThrownBy(() -> Tools.add(new FileTree(), tools, Architecture.here()))
        .hasMessageContaining("give a static program");
    assertThatThrownBy(() -> Tools.add(new FileTree(), tools, Architecture.ARM64))
        .hasMessageContaining("is not for arm64");
  }

  @Test
  void refusesAToolThatIsNoProgram() throws IOException {
    Path script = Files.writeString(folder.resolve("jq"), "#!/bin/sh\n" + "x".repeat(100));
    assertThatThrownBy(
            () ->
                Tools.add(
                    new FileTree(), Map.of("usr/bin/jq", List.of(script)), Architecture.here()))
        .hasMessageContaining("is not a program or library");
  }

  @ParameterizedTest
  @EnumSource
  void takesTheStaticToolOfTheProcessor(Architecture architecture) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Architecture each : Architecture.values()) {
      byte[] program = new Launcher("/x", List.of(), Optional.empty()).build(each);
      files.add(Files.write(folder.resolve("jq-" + each.word), program));
    }

    FileTree tree = Tools.add(new FileTree(), Map.of("usr/bin/jq", files), architecture);

    Path chosen = folder.resolve("jq-" + architecture.word);
    assertThat(tree.entries().get("usr/bin/jq"))
        .isEqualTo(new Entry.File(0755, new Content.OnDisk(chosen)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 63, 64, 100})
  void refusesAnElfFileThatEndsEarly(int length) {
    byte[] whole = new Launcher("/x", List.of(), Optional.empty()).build(Architecture.AMD64);
    assertThatThrownBy(() -> Elf.parse(Arrays.copyOf(whole, length), "x"))
        .isInstanceOf(ImageProblem.class);
  }

  @Test
  void refusesADocumentThatIsNoBillOfMaterials() throws IOException {
    for (String text : List.of("{}", "[]", "{", "{\"components\":{}}")) {
      Path file = Files.writeString(folder.resolve("bom.json"), text);
      assertThatThrownBy(() -> Sbom.extend(file, "25", List.of()))
          .as(text)
          .isInstanceOf(ImageProblem.class);
    }
    assertThatThrownBy(() -> Sbom.extend(folder.resolve("none"), "25", List.of()))
        .hasMessageContaining("no software bill of materials");
  }

  @Test
  void theBillOfMaterialsNamesRuntimeAndPackages() throws IOException {
    Path file = Files.writeString(folder.resolve("bom.json"), "{\"components\":[]}");
    String text =
        new String(
            Sbom.extend(file, "25.0.3+9", List.of(new DebianPackage("libc6", "2+1", "amd64", SUM))),
            java.nio.charset.StandardCharsets.UTF_8);

    assertThat(text)
        .contains("pkg:generic/jdk@25.0.3+9", "pkg:deb/debian/libc6@2%2B1?arch=amd64", SUM);
  }
}
