package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.testkit.Node;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed artifacts are what the compiler makes of the sources, in any folder. */
final class CompilationTest {
  private static final Path CONTRACTS = ProjectRoot.path().resolve("contracts");

  private static final String APP = "contracts/src/DstackApp.sol:DstackApp";

  @TempDir Path folder;
  private Path sources;
  private Path out;

  @BeforeEach
  void copySources() throws IOException {
    sources = Files.createDirectory(folder.resolve("elsewhere"));
    out = folder.resolve("out");
    for (Path source : files(CONTRACTS.resolve("src"))) {
      Files.copy(source, sources.resolve(source.getFileName()));
    }
  }

  @Test
  void givesTheCommittedBytesFromAnotherFolder() throws IOException {
    compile();
    assertThat(files(out)).hasSize(OwnContract.values().length);
    for (Path artifact : files(CONTRACTS.resolve("artifacts"))) {
      assertThat(out.resolve(artifact.getFileName())).hasSameBinaryContentAs(artifact);
    }
    assertThat(Files.readString(out.resolve("DstackKms.json")))
        .doesNotContain(folder.toString())
        .doesNotContain(ProjectRoot.path().toString());
  }

  @Test
  void givesOtherCodeEvenForAnotherComment() throws IOException {
    Path app = sources.resolve("DstackApp.sol");
    Files.writeString(app, Files.readString(app).replace("There is no way back.", "Not reversed."));
    compile("--contract", APP);
    assertThat(ContractArtifact.read(out.resolve("DstackApp.json")).runtimeCode())
        .isNotEqualTo(ContractArtifact.of(OwnContract.DSTACK_APP).runtimeCode());
  }

  @Test
  void writesNothingForASourceWithAnErrorOrAWarning() throws IOException {
    Path app = sources.resolve("DstackApp.sol");
    Files.writeString(
        app,
        Files.readString(app) + "contract Odd { function f() external pure { uint256 unused; } }");
    assertThatThrownBy(() -> compile("--contract", APP))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Warning");
    assertThat(out).doesNotExist();
  }

  private void compile(String... options) {
    Node.run(
        "await import('" + CONTRACTS.resolve("compile.mjs").toUri() + "');",
        Stream.concat(
                Stream.of("--sources", sources.toString(), "--out", out.toString()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
