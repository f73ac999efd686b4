package dstack.kms.image;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The image's software bill of materials: the build's, and what else is in the image. */
final class Sbom {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Sbom() {}

  /** The build's CycloneDX document with the runtime and the Debian packages as more components. */
  static byte[] extend(Path built, String javaVersion, List<DebianPackage> packages)
      throws IOException {
    JsonNode document = read(built);
    if (!(document.get("components") instanceof ArrayNode components)) {
      throw new ImageProblem(built + " is not a CycloneDX document with components");
    }
    components.addPOJO(component("platform", "jdk", javaVersion, "pkg:generic/jdk@" + javaVersion));
    for (DebianPackage each : packages) {
      Map<String, Object> component =
          component(
              "library",
              each.name(),
              each.version(),
              "pkg:deb/debian/"
                  + each.name()
                  + "@"
                  + URLEncoder.encode(each.version(), StandardCharsets.UTF_8)
                  + "?arch="
                  + each.architecture());
      component.put("hashes", List.of(Json.object("alg", "SHA-256", "content", each.sha256())));
      components.addPOJO(component);
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
  }

  private static JsonNode read(Path built) throws IOException {
    if (!Files.isReadable(built)) {
      throw new ImageProblem("no software bill of materials at " + built + ": the build makes it");
    }
    try {
      return JSON.readTree(Files.readAllBytes(built));
    } catch (JacksonException e) {
      throw new ImageProblem(built + " is not JSON", e);
    }
  }

  private static Map<String, Object> component(
      String type, String name, String version, String purl) {
    return Json.object("type", type, "name", name, "version", version, "purl", purl);
  }
}
