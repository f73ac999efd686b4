package dstack.kms.attest.image.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageArchiveTest {
  private static final String HASH =
      "ef287cffebd17bfdadd81935866bb4eadd7bcacc12259072a796ba6a5cd79452";

  @TempDir private Path outer;

  private Path folder() throws IOException {
    return Files.createTempDirectory(outer, "image");
  }

  private VerifiedImage unpack(byte[] archive) throws IOException {
    return ImageArchive.unpack(
        new ByteArrayInputStream(archive), folder(), ArchiveLimits.standard());
  }

  private void refuses(byte[] archive, String text) {
    assertThatThrownBy(() -> unpack(archive))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining(text);
  }

  private static byte[] vector(String name) {
    return Vectors.bytes("platforms/os-image/synthetic-1/" + name + ".tar.gz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ok_flat", "ok_dot_prefix", "ok_extra_unlisted_file", "ok_two_gzip_members"})
  void takesTheGoodArchivesOfTheVectors(String name) throws IOException {
    VerifiedImage image = unpack(vector(name));

    assertThat(image.osImageHash()).hasToString(HASH);
    assertThat(image.metadata().version()).contains("0.6.2");
    assertThat(image.metadata().isDev()).isFalse();
    assertThat(image.bootFiles().initrdSize()).isEqualTo(74565);
    try (Stream<Path> files = Files.list(image.folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "ovmf.fd",
              "bzImage",
              "initramfs.cpio.gz",
              "metadata.json",
              "measurement.tdx.cbor",
              "sha256sum.txt");
    }
    assertThat(Files.getPosixFilePermissions(image.kernel()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @ParameterizedTest
  @CsvSource({
    "bad_absolute, image archive contains unsafe path /tmp/evil",
    "bad_traversal, image archive contains unsafe path ../evil",
    "bad_symlink, image archive contains unsupported entry lnk",
    "bad_hardlink, image archive contains unsupported entry lnk",
    "bad_no_sha256sum, Failed to read sha256sum.txt",
    "bad_manifest_path, image manifest line 6 has an unsafe path",
    "bad_manifest_self, image manifest must not recursively list sha256sum.txt",
    "bad_checksum, Checksum verification failed: ",
    "bad_missing_metadata, Checksum verification failed: metadata.json"
  })
  void refusesTheBadArchivesOfTheVectors(String name, String text) {
    refuses(vector(name), text);
    assertThat(Path.of("/tmp/evil")).doesNotExist();
    assertThat(outer.resolve("evil")).doesNotExist();
  }

  @Test
  void takesAnotherImageForWhatItIs() throws IOException {
    assertThat(unpack(vector("bad_wrong_identity")).osImageHash().hex()).isNotEqualTo(HASH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/abs",
        "../up",
        "a/../../up",
        "a/..",
        "..",
        "",
        ".",
        "./",
        "a\\b",
        "C:x",
        "a\nb",
        "a/\u0001"
      })
  void refusesAnUnsafePath(String path) {
    refuses(
        new TarBuilder().file(path, Bytes.utf8("x")).archive(),
        "image archive contains unsafe path");
    refuses(
        new TarBuilder().gnuLongName(path).file("plain", Bytes.EMPTY).archive(),
        "image archive contains unsafe path");
    refuses(
        new TarBuilder().pax(TarBuilder.record("path", path)).file("plain", Bytes.EMPTY).archive(),
        "image archive contains unsafe path");
  }

  @Test
  void refusesAPathThatIsTooLongOrNotUtf8() {
    refuses(
        new TarBuilder().gnuLongName("a".repeat(256)).file("x", Bytes.EMPTY).archive(),
        "unsafe path");
    byte[] header = Arrays.copyOf(new TarBuilder().file("x", Bytes.EMPTY).unended(), 512);
    header[0] = (byte) 0xff;
    refuses(new TarBuilder().raw(TarBuilder.withChecksum(header)).archive(), "unsafe path ?");
  }

  @Test
  void letsNoLongNameHideBehindAnother() {
    refuses(
        new TarBuilder()
            .gnuLongName("good")
            .pax(TarBuilder.record("path", "/evil"))
            .file("good", Bytes.EMPTY)
            .archive(),
        "unsafe path /evil");
    refuses(
        new TarBuilder()
            .pax(TarBuilder.record("path", "good") + TarBuilder.record("path", "/evil"))
            .file("good", Bytes.EMPTY)
            .archive(),
        "malformed extended header");
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', '4', '6', '7', 'g', 'K', 'S', 'D', 'M', 'V', 'A', ' '})
  void refusesEverythingButFilesAndFolders(char type) {
    refuses(
        new TarBuilder().special("lnk", type, "/etc/passwd").archive(),
        "image archive contains unsupported entry lnk");
  }

  @Test
  void refusesSparseFilesOfPax() {
    refuses(
        new TarBuilder()
            .pax(TarBuilder.record("GNU.sparse.major", "1"))
            .file("x", Bytes.EMPTY)
            .archive(),
        "image archive contains unsupported entry: sparse file");
  }

  @Test
  void takesLongNamesAndFoldersButKeepsOnlyWhatIsListed() throws IOException {
    Map<String, Bytes> files = Images.files();
    String longName = "n".repeat(150);
    files.put(longName, Bytes.utf8("gnu"));
    Bytes list = Images.list(files);
    files.remove(longName);
    TarBuilder tar = Images.tar(files, list);
    tar.special("./", '5', "").special("sub/", '5', "").file("sub/fw", Bytes.utf8("other"));
    tar.gnuLongName("./" + longName).file("short", Bytes.utf8("gnu"));
    tar.pax(TarBuilder.record("path", "unlisted\u00e9") + TarBuilder.record("mtime", "1.5"));
    tar.file("short", Bytes.utf8("pax"));

    VerifiedImage image = unpack(tar.archive());

    assertThat(image.manifest().files()).containsKey(longName);
    try (Stream<Path> kept = Files.list(image.folder())) {
      assertThat(kept).hasSize(files.size() + 2);
    }
  }

  @Test
  void takesTheSizeOfAPaxHeader() throws IOException {
    Map<String, Bytes> files = Images.files();
    Bytes list = Images.list(files);
    Bytes kernel = Bytes.utf8("kernel");
    files.remove("kernel");
    TarBuilder tar = Images.tar(files, list);
    tar.pax(TarBuilder.record("size", Integer.toString(kernel.length())));
    tar.entry("kernel", '0', 0, kernel, "ustar\00000", "");

    assertThat(unpack(tar.archive()).manifest().files()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "5 a=b",
        "6 a=b\n\n",
        "0 a=b\n",
        "999 a=b\n",
        "-6 a=b\n",
        "6  a=b\n",
        "6 ab=\nx",
        "5 ab\n",
        "99999999999999 a=b\n",
        "12 size=1x2\n",
        "9 size=\n"
      })
  void refusesAMalformedPaxHeader(String records) {
    refuses(
        new TarBuilder().pax(records).file("x", Bytes.EMPTY).archive(),
        "malformed extended header");
  }

  @Test
  void refusesTheSameEntryTwice() {
    TarBuilder tar = Images.tar(Images.files()).file("./fw", Bytes.utf8("firmware"));

    refuses(tar.archive(), "image archive contains fw more than once");
  }

  @Test
  void refusesAFolderInAFilesPlace() {
    Map<String, Bytes> files = Images.files();
    Bytes list = Images.list(files);
    files.remove("fw");

    refuses(
        Images.tar(files, list).special("fw", '5', "").archive(),
        "Checksum verification failed: fw");
  }

  @Test
  void refusesHeadersThatAreNone() {
    byte[] good = new TarBuilder().file("x", Bytes.EMPTY).tar();
    for (int offset : new int[] {0, 124, 148, 150, 156, 257, 263}) {
      byte[] bad = good.clone();
      bad[offset] ^= 1;
      refuses(TarBuilder.gzip(bad), "image archive is no tar file: ");
    }
    byte[] size = Arrays.copyOf(good, 512);
    size[124] = (byte) 0x80;
    refuses(
        new TarBuilder().raw(TarBuilder.withChecksum(size)).archive(), "number that is not octal");
    byte[] magic = Arrays.copyOf(good, 512);
    magic[257] = 'v';
    refuses(
        new TarBuilder().raw(TarBuilder.withChecksum(magic)).archive(), "unknown form of header");
  }

  @Test
  void refusesWhatIsCutShort() {
    byte[] archive = Images.tar(Images.files()).archive();
    for (int length = 0; length < archive.length; length += 17) {
      refuses(Arrays.copyOf(archive, length), "image archive is no");
    }
    byte[] tar = Images.tar(Images.files()).unended();
    for (int length = 0; length <= tar.length; length += 256) {
      refuses(TarBuilder.gzip(Arrays.copyOf(tar, length)), "it ends early");
    }
    refuses(TarBuilder.gzip(Arrays.copyOf(tar, tar.length + 512)), "it ends early");
  }

  @Test
  void refusesWhatFollowsTheEnd() {
    byte[] tar = Images.tar(Images.files()).tar();
    byte[] more = Arrays.copyOf(tar, tar.length + 512);
    more[more.length - 1] = 1;
    refuses(TarBuilder.gzip(more), "something follows its end");
    byte[] lone = Arrays.copyOf(tar, tar.length);
    lone[lone.length - 512] = 1;
    refuses(TarBuilder.gzip(lone), "single block of zeros");
  }

  @Test
  void refusesWhatIsNotGzip() {
    refuses(new byte[0], "image archive is no complete gzip file");
    refuses(Images.tar(Images.files()).tar(), "image archive is no complete gzip file");
    byte[] archive = Images.tar(Images.files()).archive();
    archive[archive.length - 6] ^= 1;
    refuses(archive, "image archive is no complete gzip file");
  }

  @Test
  void refusesMoreThan64Entries() {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 65; i++) {
      tar.file("f" + i, Bytes.EMPTY);
    }
    refuses(tar.archive(), "image archive has more than 64 entries");
    TarBuilder names = new TarBuilder();
    for (int i = 0; i < 2000; i++) {
      names.gnuLongName("n");
    }
    refuses(names.archive(), "image archive has too many headers");
    refuses(
        new TarBuilder().gnuLongName("n".repeat(70_000)).archive(),
        "image archive has an extended header over 64 KiB");
  }

  @Test
  @DisplayName("T-10: a small archive that unpacks to much is refused before it fills the disk")
  void refusesABomb() throws IOException {
    byte[] bomb = new TarBuilder().file("zeros", Bytes.zeros(64 << 20)).archive();
    assertThat(bomb.length).isLessThan(1 << 18);
    Path folder = folder();

    assertThatThrownBy(
            () ->
                ImageArchive.unpack(
                    new ByteArrayInputStream(bomb), folder, ArchiveLimits.standard()))
        .hasMessage("image archive unpacks to more than 100 times its own size");
    assertThat(Files.size(folder.resolve("zeros"))).isLessThan(32 << 20);
  }

  @Test
  @DisplayName("T-10: an archive over the limit is refused, packed or unpacked")
  void refusesWhatIsOverTheLimit() throws IOException {
    byte[] archive = vector("ok_flat");
    for (long limit : new long[] {0, 1, 100_000, archive.length - 1L, 164_000}) {
      assertThatThrownBy(
              () ->
                  ImageArchive.unpack(
                      new ByteArrayInputStream(archive), folder(), new ArchiveLimits(limit)))
          .hasMessageContaining("image archive ")
          .hasMessageContaining("than " + limit + " bytes");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'H', image manifest line 1 has no file name",
    "'H  a b', image manifest line 1 has extra fields",
    "'H  a/b', image manifest line 1 has an unsafe path",
    "'H  /a', image manifest line 1 has an unsafe path",
    "'H  ..', image manifest line 1 has an unsafe path",
    "'H  a\\b', image manifest line 1 has an unsafe path",
    "'H  sha256sum.txt', must not recursively list",
    "'H *a', is not 64 hexadecimal digits",
    "'H  *a', is not 64 hexadecimal digits",
    "'H a', is not 64 hexadecimal digits",
    "'H   a', is not 64 hexadecimal digits",
    "' H  a', is not 64 hexadecimal digits",
    "'H  a ', is not 64 hexadecimal digits",
    "'\\H  a', is not 64 hexadecimal digits",
    "'0xH  a', is not 64 hexadecimal digits",
    "'abcd  a', is not 64 hexadecimal digits",
    "'H  \u00e9', is not 64 hexadecimal digits",
    "'', image manifest lists no file"
  })
  void refusesAManifestLine(String line, String text) {
    Bytes list = Bytes.utf8(line.replace("H", "ab".repeat(32)));

    assertThatThrownBy(() -> ImageManifest.parse(list)).hasMessageContaining(text);
    refuses(Images.tar(Images.files(), list).archive(), text);
  }

  @Test
  void refusesAManifestThatRepeatsAFileIsTooLongOrNotUtf8() {
    String line = "ab".repeat(32) + "  a\n";

    refuses(
        new TarBuilder().file("sha256sum.txt", Bytes.utf8(line + line)).archive(),
        "lists a file again");
    refuses(
        new TarBuilder().file("sha256sum.txt", Bytes.fromHex("ff")).archive(),
        "Failed to read sha256sum.txt: it is not UTF-8");
    refuses(
        new TarBuilder().file("sha256sum.txt", Bytes.zeros(70_000)).archive(),
        "sha256sum.txt is larger than 65536 bytes");
  }

  @Test
  void demandsThatTheMetadataAreListed() {
    Map<String, Bytes> files = Images.files();
    files.remove("metadata.json");
    Bytes metadata = Bytes.utf8(Images.METADATA);

    refuses(Images.tar(files).archive(), "metadata.json not found in the extracted archive");
    refuses(
        Images.tar(files).file("metadata.json", metadata).archive(),
        "metadata.json not found in the extracted archive");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"bios\":\"fw\"}",
        "{\"a\":1} x",
        "{\"bios\":\"fw\",\"bios\":\"fw\"}"
      })
  void refusesMetadataThatAreIncomplete(String json) {
    Map<String, Bytes> files = Images.files();
    files.put("metadata.json", Bytes.utf8(json));

    refuses(Images.tar(files).archive(), "Failed to parse metadata.json: ");
  }

  @ParameterizedTest
  @CsvSource({
    "\"fw\", \"other\", bios is not a file that sha256sum.txt lists",
    "\"kernel\", \"../kernel\", kernel is not a file that sha256sum.txt lists",
    "\"initrd\", \"sha256sum.txt\", initrd is not a file that sha256sum.txt lists",
    "\"fw\", 5, expected a string",
    "\"fw\", null, expected a string",
    "\"a=b\", \"a\\u0000b\", cmdline contains a zero character",
    "\"a=b\", \"\\ud800\", lone surrogate",
    "}, ',\"ovmf_variant\":\"new\"}', unknown ovmf_variant",
    "}, ',\"is_dev\":1}', expected a boolean"
  })
  void refusesMetadataThatSayOtherwise(String what, String instead, String text) {
    Map<String, Bytes> files = Images.files();
    int at = Images.METADATA.lastIndexOf(what);
    files.put(
        "metadata.json",
        Bytes.utf8(
            Images.METADATA.substring(0, at)
                + instead
                + Images.METADATA.substring(at + what.length())));

    refuses(Images.tar(files).archive(), text);
  }

  @Test
  @DisplayName("T-43: every byte of every listed file counts")
  void findsAnyChangedByte() throws IOException {
    VerifiedImage image = unpack(vector("ok_flat"));
    Path folder = image.folder();
    for (String name : image.manifest().files().keySet()) {
      byte[] content = Files.readAllBytes(folder.resolve(name));
      for (int offset = 0; offset < content.length; offset += 1 + content.length / 5) {
        byte[] changed = content.clone();
        changed[offset] ^= 1;
        Files.write(folder.resolve(name), changed);
        assertThatThrownBy(() -> VerifiedImage.of(folder))
            .hasMessage("Checksum verification failed: " + name);
      }
      Files.write(folder.resolve(name), content);
    }
    assertThat(HexFormat.of().formatHex(VerifiedImage.of(folder).osImageHash().toArray()))
        .isEqualTo(HASH);
  }

  @Test
  void looksAgainWhenItHandsOutFiles() throws IOException {
    for (String name : new String[] {"ovmf.fd", "bzImage", "initramfs.cpio.gz"}) {
      VerifiedImage image = unpack(vector("ok_flat"));
      Files.writeString(image.kernel().resolveSibling(name), "swapped");

      assertThatThrownBy(image::bootFiles).hasMessage("Checksum verification failed: " + name);
    }
  }

  @Test
  void followsNoLinkInTheFolder() throws IOException {
    VerifiedImage image = unpack(vector("ok_flat"));
    Path kernel = image.kernel();
    Path elsewhere = Files.move(kernel, outer.resolve("elsewhere"));
    Files.createSymbolicLink(kernel, elsewhere);

    assertThatThrownBy(() -> VerifiedImage.of(image.folder()))
        .hasMessage("Checksum verification failed: bzImage");
    assertThatThrownBy(image::bootFiles).hasMessageContaining("Failed to read bzImage");
  }
}
