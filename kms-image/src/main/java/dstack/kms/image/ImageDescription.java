package dstack.kms.image;

import dstack.kms.image.OciLayout.Layer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an image says about itself: how it is run, what it is made of, what it is called. */
record ImageDescription(String version, String revision, Variant variant, String javaVersion) {
  private static final String CREATED = Instant.ofEpochSecond(TarWriter.TIME).toString();

  /** Labels of the configuration, and annotations of manifest and index. */
  Map<String, Object> labels() {
    return Json.object(
        "org.opencontainers.image.created",
        CREATED,
        "org.opencontainers.image.description",
        "Key management server for confidential workloads",
        "org.opencontainers.image.licenses",
        "Apache-2.0",
        "org.opencontainers.image.revision",
        revision,
        "org.opencontainers.image.title",
        "dstack-kms",
        "org.opencontainers.image.version",
        version,
        "dstack.kms.java",
        javaVersion,
        "dstack.kms.variant",
        variant.word());
  }

  /**
   * The configuration. There is no entrypoint: {@code dstack-kms} is the command, as in the
   * original's image, so that a compose file's own command is run as it stands.
   */
  Map<String, Object> config(Architecture architecture, List<Layer> layers) {
    String user = Places.USER + ":" + Places.USER;
    Map<String, Object> run =
        Json.object(
            "User", user,
            "ExposedPorts", Json.object("8000/tcp", Map.of()),
            "Env",
                List.of(
                    "PATH=/usr/local/bin:/usr/bin:/bin",
                    "MALLOC_ARENA_MAX=2", // one for each of 8 threads per processor otherwise
                    "SSL_CERT_FILE=" + Places.absolute(Places.CERTIFICATES)),
            "Cmd", List.of("dstack-kms"),
            "WorkingDir", "/",
            "Labels", labels(),
            "StopSignal", "SIGTERM");
    return Json.object(
        "created",
        CREATED,
        "architecture",
        architecture.word,
        "os",
        "linux",
        "config",
        run,
        "rootfs",
        Json.object("type", "layers", "diff_ids", layers.stream().map(Layer::diffId).toList()),
        "history",
        history(layers));
  }

  /** The manifest of the image with that configuration. */
  Map<String, Object> manifest(Blob config, List<Layer> layers) {
    return Json.object(
        "schemaVersion", 2,
        "mediaType", OciLayout.MANIFEST,
        "config", config.descriptor(),
        "layers", layers.stream().map(layer -> layer.blob().descriptor()).toList(),
        "annotations", labels());
  }

  private static List<Object> history(List<Layer> layers) {
    List<Object> history = new ArrayList<>();
    for (Layer layer : layers) {
      history.add(Json.object("created", CREATED, "created_by", layer.comment()));
    }
    return history;
  }
}
