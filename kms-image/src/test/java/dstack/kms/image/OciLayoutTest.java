package dstack.kms.image;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.image.OciLayout.Layer;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything in a layout lies under its digest, and two layouts of one image are equal. */
final class OciLayoutTest {
  @TempDir private Path folder;

  private Path layout(String name) throws IOException {
    Path place = folder.resolve(name);
    OciLayout layout = new OciLayout(place);
    Layer layer = layout.addLayer(new FileTree().text("etc/x", "x"), "a layer");
    ImageDescription image = new ImageDescription("1", "abc", Variant.PLAIN, "25");
    Blob config =
        layout.addJson(OciLayout.CONFIG, image.config(Architecture.AMD64, List.of(layer)));
    Blob manifest = layout.addJson(OciLayout.MANIFEST, image.manifest(config, List.of(layer)));
    layout.finish(List.of(manifest.descriptor()));
    return place;
  }

  private static SortedMap<String, String> sums(Path place) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String line = Command.run(List.of(Tool.require("sha256sum").toString(), file.toString()));
        sums.put(place.relativize(file).toString(), line.substring(0, 64));
      }
    }
    return sums;
  }

  @Test
  void everyBlobIsNamedByItsDigest() throws IOException {
    Map<String, String> sums = sums(layout("one"));

    sums.keySet().removeAll(List.of("index.json", "oci-layout"));
    assertThat(sums).hasSize(3);
    sums.forEach((name, sum) -> assertThat(name).isEqualTo("blobs/sha256/" + sum));
  }

  @Test
  void twoLayoutsOfOneImageAreEqual() throws IOException {
    assertThat(sums(layout("one"))).isEqualTo(sums(layout("two")));
  }

  @Test
  void aLayoutBeginsEmptyWhateverWasThere() throws IOException {
    Files.createDirectories(folder.resolve("one/blobs/sha256"));
    Files.writeString(folder.resolve("one/blobs/sha256/old"), "x");

    assertThat(sums(layout("one"))).doesNotContainKey("blobs/sha256/old");
  }

  @Test
  void theDiffIdIsTheDigestOfTheUnpackedLayer() throws IOException {
    OciLayout layout = new OciLayout(folder.resolve("one"));
    Layer layer = layout.addLayer(new FileTree().text("etc/x", "x"), "a layer");
    Path blob = folder.resolve("one/blobs/sha256").resolve(layer.blob().digest().substring(7));

    String sum = Command.run(List.of("sh", "-c", "gzip -dc \"$0\" | sha256sum", blob.toString()));
    assertThat(layer.diffId()).isEqualTo("sha256:" + sum.substring(0, 64));
    assertThat(layer.blob().size()).isEqualTo(Files.size(blob));
  }

  @Test
  void theArchiveHoldsTheLayout() throws IOException {
    Path place = layout("one");
    Path archive = folder.resolve("one.tar");
    OciLayout.archive(place, archive);

    assertThat(
            Command.run(List.of(Tool.require("tar").toString(), "-tf", archive.toString())).lines())
        .contains("index.json", "oci-layout", "blobs/sha256/");
  }
}
