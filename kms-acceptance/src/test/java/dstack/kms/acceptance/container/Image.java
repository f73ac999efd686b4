package dstack.kms.acceptance.container;

import dstack.kms.acceptance.BetweenForks;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One variant of the image that this build makes, for one processor, and its file system. */
record Image(JsonNode manifest, JsonNode config, Path root) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path FOLDER = ProjectRoot.path().resolve("kms-acceptance/target/image");
  private static final Path STAND_INS = FOLDER.resolve("stand-ins");
  private static final String AMD64 = "amd64";

  /** The layout that all of them are in. */
  static final Path LAYOUT = FOLDER.resolve("kms");

  /** The same as one file. */
  static final Path ARCHIVE = FOLDER.resolve("kms.oci.tar");

  private static final List<String> INPUTS =
      List.of("kms-cli/target/dist", "kms-image/target/classes", "build/image");

  /** The one that runs on this machine. */
  static Image of(String variant) {
    return of(variant, AMD64);
  }

  /**
   * Builds both variants for both processors when the first is asked for, unless another process
   * has just done so.
   */
  static Image of(String variant, String processor) {
    BetweenForks.alone(
        FOLDER,
        () -> {
          Path marker = FOLDER.resolve("inputs");
          String inputs = inputs();
          if (!Files.exists(marker) || !Files.readString(marker).equals(inputs)) {
            Files.deleteIfExists(marker);
            build();
            unpack("plain", AMD64);
            unpack("shell", AMD64);
            unpack("shell", "arm64");
            Files.writeString(marker, inputs);
          }
        });
    JsonNode manifest = manifest(variant, processor);
    return new Image(manifest, json(manifest.get("config")), folder(variant, processor));
  }

  /** What stands under a name: an index over the image of each processor. */
  static JsonNode index(String variant) {
    of(variant);
    return named(variant);
  }

  /** Every file that goes into the image, with its time. */
  private static String inputs() throws IOException {
    StringBuilder files = new StringBuilder();
    for (String folder : INPUTS) {
      try (Stream<Path> found = Files.walk(ProjectRoot.path().resolve(folder))) {
        for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
          files.append(file).append(' ').append(Files.getLastModifiedTime(file)).append('\n');
        }
      }
    }
    return files.toString();
  }

  private static void build() {
    for (String tool : List.of("apt-get", "dpkg-deb", "unshare", "chroot", "bwrap", "tar")) {
      Tool.require(tool);
    }
    try {
      Files.createDirectories(FOLDER);
      StandIns standIns = StandIns.in(STAND_INS);
      List<String> more = new ArrayList<>();
      more.add("amd64=" + System.getProperty("java.home"));
      more.addAll(List.of("arm64=" + standIns.runtime(), "--"));
      more.addAll(standIns.tools());
      assemble(LAYOUT, FOLDER.resolve("work"), "plain shell", more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Assembles the plain one for arm64 once more, elsewhere; its manifest. */
  static JsonNode again(Path folder) throws IOException {
    of("plain");
    Path layout = folder.resolve("another");
    List<String> more = List.of("arm64=" + new StandIns(STAND_INS).runtime());
    assemble(layout, folder.resolve("work/deeper/down"), "plain", more);
    JsonNode index = JSON.readTree(Host.read(layout.resolve("index.json")));
    return JSON.readTree(Host.read(blob(layout, index.get("manifests").get(0))));
  }

  private static void assemble(Path layout, Path work, String variants, List<String> more)
      throws IOException {
    Path root = ProjectRoot.path();
    Path bill = root.resolve("target/bom.json");
    if (!Files.exists(bill)) { // made by the full build only
      bill = Files.writeString(FOLDER.resolve("bom.json"), "{\"components\":[]}");
    }
    StandIns.natives(work.resolve("natives"));
    List<String> command = new ArrayList<>();
    command.add(root.resolve("build/image/assemble.sh").toString());
    command.addAll(List.of(layout.toString(), work.toString(), variants));
    command.addAll(List.of("0".repeat(40), bill.toString()));
    command.addAll(more);
    run(command, layout.resolveSibling(layout.getFileName() + ".log"));
  }

  /** Takes a quarter of a minute, and many times that where others work as well. */
  private static void run(List<String> command, Path log) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      boolean ended = process.waitFor(10, TimeUnit.MINUTES);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("the image was not assembled: " + Host.read(log));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Path folder(String variant, String processor) {
    return FOLDER.resolve(processor.equals(AMD64) ? variant : variant + "-" + processor);
  }

  private static void unpack(String variant, String processor) {
    Path root = folder(variant, processor);
    Program.run(List.of("rm", "-rf", root.toString())).success();
    Program.run(List.of("mkdir", root.toString())).success();
    for (JsonNode layer : manifest(variant, processor).get("layers")) {
      Program.run(List.of("tar", "-xpzf", blob(layer).toString(), "-C", root.toString())).success();
    }
  }

  private static JsonNode manifest(String variant, String processor) {
    for (JsonNode each : named(variant).get("manifests")) {
      if (each.get("platform").get("architecture").stringValue().equals(processor)) {
        return json(each);
      }
    }
    throw new AssertionError("no image " + variant + " for " + processor);
  }

  private static JsonNode named(String variant) {
    for (JsonNode each : JSON.readTree(Host.read(LAYOUT.resolve("index.json"))).get("manifests")) {
      JsonNode name = each.get("annotations").get("org.opencontainers.image.ref.name");
      if (name.stringValue().equals(variant)) {
        return json(each);
      }
    }
    throw new AssertionError("no image " + variant);
  }

  static JsonNode json(JsonNode descriptor) {
    return JSON.readTree(Host.read(blob(descriptor)));
  }

  private static Path blob(JsonNode descriptor) {
    return blob(LAYOUT, descriptor);
  }

  private static Path blob(Path layout, JsonNode descriptor) {
    return layout
        .resolve("blobs")
        .resolve(descriptor.get("digest").stringValue().replace(':', '/'));
  }
}
