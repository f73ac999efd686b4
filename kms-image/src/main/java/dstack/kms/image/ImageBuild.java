package dstack.kms.image;

import dstack.kms.image.OciLayout.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Builds the wanted variants for each processor that there is a JDK of. Each variant is one name in
 * the layout; with several processors that name is an index over them.
 */
final class ImageBuild {
  private static final String NAME = "org.opencontainers.image.ref.name";

  private final Inputs inputs;
  private final String version;
  private final String revision;

  ImageBuild(Inputs inputs, String version, String revision) {
    this.inputs = inputs;
    this.version = version;
    this.revision = revision;
  }

  /** Writes the layout into {@code out}; the digest of each image by variant and processor. */
  Map<String, String> into(Path out, Path work, Set<Variant> variants) throws IOException {
    OciLayout layout = new OciLayout(out);
    Map<Architecture, SharedLayers> shared = new TreeMap<>();
    for (Architecture each : inputs.jdks().keySet()) {
      shared.put(each, SharedLayers.build(inputs, each, layout, work.resolve(each.word)));
    }
    Map<String, String> digests = new TreeMap<>();
    List<Map<String, Object>> named = new ArrayList<>();
    for (Variant variant : variants) {
      List<Map<String, Object>> images = new ArrayList<>();
      for (Architecture each : shared.keySet()) {
        Blob manifest = image(layout, variant, each, shared.get(each));
        digests.put(variant.word() + " " + each.word, manifest.digest());
        Map<String, Object> image = manifest.descriptor();
        image.put("platform", Json.object("architecture", each.word, "os", "linux"));
        images.add(image);
      }
      Map<String, Object> one = images.size() == 1 ? images.getFirst() : index(layout, images);
      one.put("annotations", Json.object(NAME, variant.word()));
      named.add(one);
    }
    layout.finish(named);
    return digests;
  }

  /** Records the classes that checks of the whole program load, as the list to keep. */
  void train(Path work, Path anvil) throws IOException {
    SharedLayers.record(inputs, Architecture.here(), work.resolve("train"), anvil);
  }

  private static Map<String, Object> index(OciLayout layout, List<Map<String, Object>> images)
      throws IOException {
    return layout
        .addJson(
            OciLayout.INDEX,
            Json.object("schemaVersion", 2, "mediaType", OciLayout.INDEX, "manifests", images))
        .descriptor();
  }

  private Blob image(
      OciLayout layout, Variant variant, Architecture architecture, SharedLayers shared)
      throws IOException {
    List<Layer> layers = new ArrayList<>(shared.layers());
    Debian debian = inputs.debian(architecture);
    if (variant == Variant.SHELL) {
      FileTree shell = Tools.add(debian.shell(), inputs.tools(), architecture);
      layers.add(layout.addLayer(shell, "shell"));
    }
    FileTree bom = new FileTree().bytes(Places.SBOM, bom(variant, architecture, shared));
    layers.add(layout.addLayer(bom, "bill of materials"));
    ImageDescription described =
        new ImageDescription(version, revision, variant, shared.javaVersion());
    Blob config = layout.addJson(OciLayout.CONFIG, described.config(architecture, layers));
    return layout.addJson(OciLayout.MANIFEST, described.manifest(config, layers));
  }

  private byte[] bom(Variant variant, Architecture architecture, SharedLayers shared)
      throws IOException {
    List<DebianPackage> packages =
        DebianPackage.read(inputs.packages(), architecture).stream()
            .filter(it -> variant == Variant.SHELL || !it.name().startsWith("busybox"))
            .toList();
    return Sbom.extend(inputs.sbom(), shared.javaVersion(), packages);
  }

  /** Writes the bill of materials of a variant beside the layout as well. */
  void billBeside(Path out, Variant variant, Architecture architecture) throws IOException {
    SharedLayers none = new SharedLayers(List.of(), inputs.runtime(architecture).version());
    Path file = out.resolveSibling("bom-" + variant.word() + "-" + architecture.word + ".json");
    Files.write(file, bom(variant, architecture, none));
  }
}
