package dstack.kms.image;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassListTest {
  @TempDir private Path folder;

  @Test
  void keepsNamesOnlySortedAndWithoutWhatSimulates() throws IOException {
    Path recorded =
        Files.write(
            folder.resolve("recorded"),
            List.of(
                "# remark",
                "java/lang/String id: 7",
                "dstack/kms/sim/pccs/SimulatedPccs id: 8",
                "dstack/kms/cli/Main id: 9",
                "java/lang/String id: 10",
                "@lambda-proxy java/lang/String apply",
                "a/B$$Lambda id: 11"));
    Path other =
        Files.write(folder.resolve("other"), List.of("a/B id: 1", "java/lang/String id: 2"));
    Path kept = folder.resolve("kept");

    ClassList.keep(List.of(recorded, other), kept);

    assertThat(kept).hasContent("a/B\ndstack/kms/cli/Main\njava/lang/String\n");
  }

  @Test
  void theKeptListNamesNoClassOfTheSimulation() throws IOException {
    assertThat(Files.readAllLines(ProjectRoot.path().resolve("build/image/classes.lst")))
        .hasSizeGreaterThan(5000)
        .isSorted()
        .doesNotHaveDuplicates()
        .noneMatch(name -> name.startsWith("dstack/kms/sim/"));
  }

  /** What a server needs whose policy is on a chain, and what everybody needs. */
  @Test
  void theKeptListNamesTheClassesThatAServerStartsWith() throws IOException {
    assertThat(Files.readAllLines(ProjectRoot.path().resolve("build/image/classes.lst")))
        .contains(
            "dstack/kms/chain/authority/ChainAuthority",
            "dstack/kms/cli/serve/ServeCommand",
            "dstack/kms/onboard/node/NodeRunner",
            "io/netty/handler/ssl/ReferenceCountedOpenSslEngine");
  }
}
