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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One variant of the image that this build makes, and its file system. */
record Image(JsonNode manifest, JsonNode config, Path root) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path FOLDER = ProjectRoot.path().resolve("kms-acceptance/target/image");
  private static final Path LAYOUT = FOLDER.resolve("kms");
  private static final List<String> INPUTS =
      List.of("kms-cli/target/dist", "kms-image/target/classes", "build/image");

  /** Builds both variants when the first is asked for, unless another process has just done so. */
  static Image of(String variant) {
    BetweenForks.alone(
        FOLDER,
        () -> {
          Path marker = FOLDER.resolve("inputs");
          String inputs = inputs();
          if (!Files.exists(marker) || !Files.readString(marker).equals(inputs)) {
            Files.deleteIfExists(marker);
            build();
            unpack("plain");
            unpack("shell");
            Files.writeString(marker, inputs);
          }
        });
    JsonNode manifest = manifest(variant);
    return new Image(manifest, json(manifest.get("config")), FOLDER.resolve(variant));
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
    Path root = ProjectRoot.path();
    try {
      Files.createDirectories(FOLDER);
      Path bill = root.resolve("target/bom.json");
      if (!Files.exists(bill)) { // made by the full build only
        bill = Files.writeString(FOLDER.resolve("bom.json"), "{\"components\":[]}");
      }
      assemble(
          List.of(
              root.resolve("build/image/assemble.sh").toString(),
              LAYOUT.toString(),
              FOLDER.resolve("work").toString(),
              "plain shell",
              "0".repeat(40),
              bill.toString(),
              "amd64=" + System.getProperty("java.home")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes a quarter of a minute, and many times that where others work as well. */
  private static void assemble(List<String> command) throws IOException {
    Path log = FOLDER.resolve("assemble.log");
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

  private static void unpack(String variant) {
    Path root = FOLDER.resolve(variant);
    Program.run(List.of("rm", "-rf", root.toString())).success();
    Program.run(List.of("mkdir", root.toString())).success();
    for (JsonNode layer : manifest(variant).get("layers")) {
      Program.run(List.of("tar", "-xpzf", blob(layer).toString(), "-C", root.toString())).success();
    }
  }

  private static JsonNode manifest(String variant) {
    for (JsonNode each : JSON.readTree(Host.read(LAYOUT.resolve("index.json"))).get("manifests")) {
      JsonNode name = each.get("annotations").get("org.opencontainers.image.ref.name");
      if (name.stringValue().equals(variant)) {
        return json(each);
      }
    }
    throw new AssertionError("no image " + variant);
  }

  private static JsonNode json(JsonNode descriptor) {
    return JSON.readTree(Host.read(blob(descriptor)));
  }

  private static Path blob(JsonNode descriptor) {
    return LAYOUT
        .resolve("blobs")
        .resolve(descriptor.get("digest").stringValue().replace(':', '/'));
  }
}
