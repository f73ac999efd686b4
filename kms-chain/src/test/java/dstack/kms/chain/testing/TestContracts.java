package dstack.kms.chain.testing;

import dstack.kms.chain.contract.ContractArtifact;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Node;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The contracts of {@code contracts/test}: stand-ins of the oldest generation and hostile ones.
 * They are compiled once in each run, with the compiler of the oldest generation.
 */
public final class TestContracts {
  private static final Pattern CONTRACT = Pattern.compile("(?m)^contract (\\w+)");
  private static final Path SOURCES = ProjectRoot.path().resolve("contracts/test");
  private static final Map<String, Map<String, ContractArtifact>> COMPILED =
      new ConcurrentHashMap<>();

  private TestContracts() {}

  /** What deploys that contract; none has arguments. */
  public static Bytes deployment(String contract) {
    ContractArtifact artifact = COMPILED.computeIfAbsent("all", ignored -> compile()).get(contract);
    if (artifact == null) {
      throw new AssertionError("no such contract: " + contract);
    }
    return artifact.deployment(Bytes.EMPTY);
  }

  private static Map<String, ContractArtifact> compile() {
    try {
      Path out = Files.createTempDirectory("contracts");
      run(out);
      Map<String, ContractArtifact> compiled = new HashMap<>();
      for (Path file : files(out)) {
        ContractArtifact artifact = ContractArtifact.read(file);
        compiled.put(artifact.name(), artifact);
        Files.delete(file);
      }
      Files.delete(out);
      return compiled;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Path out) throws IOException {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--sources",
                SOURCES.toString(),
                "--units",
                "contracts/test/",
                "--compiler",
                "solc-0.8.22",
                "--out",
                out.toString()));
    for (Path source : files(SOURCES)) {
      Matcher names = CONTRACT.matcher(Files.readString(source));
      while (names.find()) {
        String unit = "contracts/test/" + source.getFileName();
        options.addAll(List.of("--contract", unit + ":" + names.group(1)));
      }
    }
    Path program = ProjectRoot.path().resolve("contracts/compile.mjs");
    Node.run("await import('" + program.toUri() + "');", options.toArray(String[]::new));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
