package dstack.kms.image;

import dstack.kms.core.annotation.Permitted;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The entry for {@code build/image.sh}: builds one variant, or makes the list of classes anew. */
@Command(name = "kms-image")
public final class Main implements Callable<Integer> {
  @Option(names = "--out", required = true, description = "folder of the OCI layout")
  private Path out;

  @Option(names = "--work", required = true, description = "folder for what is made on the way")
  private Path work;

  @Option(names = "--variant", required = true, description = "plain or shell, or both")
  private List<String> variants;

  @Option(names = "--dist", required = true)
  private Path distribution;

  @Option(names = "--natives", required = true, description = "jars of other processors")
  private Path natives;

  @Option(names = "--jdk", required = true, description = "amd64=FOLDER or arm64=FOLDER")
  private Map<String, Path> jdks;

  @Option(names = "--debian", required = true)
  private Path debian;

  @Option(names = "--packages", required = true)
  private Path packages;

  @Option(names = "--classes", required = true)
  private Path classes;

  @Option(names = "--sbom", required = true)
  private Path sbom;

  @Option(names = "--tool", description = "helios=FILE, curl=FILE or jq=FILE, per processor")
  private List<String> tools = List.of();

  @Option(names = "--version-text", required = true)
  private String version;

  @Option(names = "--revision", required = true)
  private String revision;

  @Option(names = "--train", description = "records the list of classes instead, with this anvil")
  private @Nullable Path train;

  private final PrintStream printed;

  Main(PrintStream printed) {
    this.printed = printed;
  }

  /** Ends with 1 and one sentence if the image cannot be made. */
  @Permitted("the entry of a program")
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Main(System.out))
            .setExecutionExceptionHandler(
                (problem, _, _) -> {
                  if (!(problem instanceof ImageProblem)) {
                    throw problem;
                  }
                  System.err.println("kms: " + problem.getMessage());
                  return 1;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    ImageBuild build = new ImageBuild(inputs(), version, revision);
    if (train != null) {
      build.train(work, train);
      return 0;
    }
    Set<Variant> wanted = new TreeSet<>(variants.stream().map(Variant::ofWord).toList());
    Map<String, String> digests = build.into(out, work, wanted);
    for (Variant variant : wanted) {
      for (String architecture : jdks.keySet()) {
        build.billBeside(out, variant, Architecture.ofWord(architecture));
      }
    }
    Path archive = out.resolveSibling(out.getFileName() + ".oci.tar");
    OciLayout.archive(out, archive);
    digests.forEach((image, digest) -> printed.println(image + " " + digest));
    printed.println(archive + " " + (Files.size(archive) >> 20) + " MiB");
    return 0;
  }

  private Inputs inputs() {
    Map<Architecture, Path> byArchitecture = new EnumMap<>(Architecture.class);
    jdks.forEach((word, folder) -> byArchitecture.put(Architecture.ofWord(word), folder));
    return new Inputs(
        new Distribution(distribution, natives),
        byArchitecture,
        debian,
        packages,
        classes,
        sbom,
        places());
  }

  private Map<String, List<Path>> places() {
    Map<String, List<Path>> places = new LinkedHashMap<>();
    for (String each : tools) {
      String[] parts = each.split("=", 2);
      if (parts.length != 2) {
        throw new ImageProblem("--tool is NAME=FILE, not " + each);
      }
      String place =
          switch (parts[0]) {
            case "helios" -> "usr/local/bin/helios";
            case "curl", "jq" -> "usr/bin/" + parts[0];
            default -> throw new ImageProblem("no tool " + parts[0] + ": helios, curl or jq");
          };
      places.computeIfAbsent(place, _ -> new ArrayList<>()).add(Path.of(parts[1]));
    }
    return places;
  }
}
