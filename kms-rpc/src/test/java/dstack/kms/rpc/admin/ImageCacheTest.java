package dstack.kms.rpc.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 04 §6. */
final class ImageCacheTest {
  @TempDir private Path folder;
  private Path outside;
  private Path cacheFolder;
  private ImageCache cache;

  @BeforeEach
  void fill() throws IOException {
    cacheFolder = folder.resolve("cache");
    outside = Files.writeString(folder.resolve("outside"), "keep");
    for (String key : new String[] {"aa11", "bb22"}) {
      Path image =
          Files.createDirectories(cacheFolder.resolve("images").resolve(key).resolve("deep"));
      Files.writeString(image.resolve("file"), "content");
    }
    Files.createDirectories(cacheFolder.resolve("measurements"));
    Files.writeString(cacheFolder.resolve("measurements/cc33"), "a plain file");
    cache = new ImageCache(cacheFolder);
  }

  @Test
  void removesOneImageAndLeavesTheOthers() {
    cache.clearImages("aa11");
    assertThat(cacheFolder.resolve("images/aa11")).doesNotExist();
    assertThat(cacheFolder.resolve("images/bb22/deep/file")).exists();
  }

  @Test
  void removesAMeasurementThatIsAFile() {
    cache.clearMeasurements("cc33");
    assertThat(cacheFolder.resolve("measurements/cc33")).doesNotExist();
  }

  @Test
  void removesEverythingOfOneKindForAll() {
    cache.clearImages("all");
    assertThat(cacheFolder.resolve("images")).doesNotExist();
    assertThat(cacheFolder.resolve("measurements/cc33")).exists();
  }

  @Test
  void doesNothingForAnEmptyKeyAndForWhatIsNotThere() {
    cache.clearImages("");
    cache.clearImages("dd44");
    new ImageCache(folder.resolve("missing")).clearImages("all");
    assertThat(cacheFolder.resolve("images/aa11")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../outside",
        "aa11/../../../outside",
        "%2e%2e",
        "aa11\0",
        "/etc",
        ".",
        "ALL",
        "aa11/",
        "aa 11",
        "0xaa11",
        "aa11\n",
        "\u0661",
        "*",
      })
  void t09_refusesEveryKeyThatIsNotHexBeforeTouchingAFile(String key) {
    assertThatThrownBy(() -> cache.clearImages(key))
        .isInstanceOf(RefusalException.class)
        .hasMessage("invalid cache key");
    assertThatThrownBy(() -> cache.clearMeasurements(key)).hasMessage("invalid cache key");
    assertThat(outside).hasContent("keep");
    assertThat(cacheFolder.resolve("images/aa11/deep/file")).exists();
  }

  @Test
  void t09_removesALinkAndNotWhatItPointsTo() throws IOException {
    Path target = Files.createDirectories(folder.resolve("target"));
    Files.writeString(target.resolve("file"), "keep");
    Files.createSymbolicLink(cacheFolder.resolve("images/ee55"), target);
    Files.createSymbolicLink(cacheFolder.resolve("images/aa11/link"), target);
    cache.clearImages("ee55");
    cache.clearImages("aa11");
    assertThat(cacheFolder.resolve("images/ee55")).doesNotExist();
    assertThat(cacheFolder.resolve("images/aa11")).doesNotExist();
    assertThat(target.resolve("file")).hasContent("keep");
  }

  @Test
  void t09_refusesWhenTheFolderItselfIsALink() throws IOException {
    Path target = Files.createDirectories(folder.resolve("elsewhere/aa11"));
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.createSymbolicLink(other.resolve("images"), target.getParent());
    assertThatThrownBy(() -> new ImageCache(other).clearImages("aa11"))
        .hasMessage("the cache could not be cleared");
    assertThat(target).exists();
  }
}
