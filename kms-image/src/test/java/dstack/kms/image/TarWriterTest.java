package dstack.kms.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.testkit.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archives are what tar reads, and the same bytes each time. */
final class TarWriterTest {
  @TempDir private Path folder;

  private static byte[] archive(FileTree tree) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter.write(tree, out);
    return out.toByteArray();
  }

  private String tar(FileTree tree, String... options) throws IOException {
    Path file = Files.write(folder.resolve("a.tar"), archive(tree));
    List<String> command = new java.util.ArrayList<>();
    command.add(Tool.require("tar").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-f", file.toString()));
    return Command.run(command);
  }

  private static FileTree sample() {
    return new FileTree()
        .text("etc/passwd", "root:x:0:0\n")
        .program("bin/kms", new byte[513])
        .link("bin/sh", "kms")
        .directory("tmp", 01777, 0)
        .directory("kms", 0700, 10001);
  }

  @Test
  void tarSeesNamesModesOwnersSizesAndTimes() throws IOException {
    assertThat(tar(sample(), "-t", "-v", "--numeric-owner", "--utc").lines())
        .containsExactly(
            "drwxr-xr-x 0/0               0 2026-01-01 00:00 bin/",
            "-rwxr-xr-x 0/0             513 2026-01-01 00:00 bin/kms",
            "lrwxrwxrwx 0/0               0 2026-01-01 00:00 bin/sh -> kms",
            "drwxr-xr-x 0/0               0 2026-01-01 00:00 etc/",
            "-rw-r--r-- 0/0              11 2026-01-01 00:00 etc/passwd",
            "drwx------ 10001/10001       0 2026-01-01 00:00 kms/",
            "drwxrwxrwt 0/0               0 2026-01-01 00:00 tmp/");
  }

  @Test
  void whatTarUnpacksIsWhatWentIn() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    FileTree tree =
        new FileTree().text("a/empty", "").text("a/block", "x".repeat(512)).text("b", "text");

    tar(tree, "-x", "-C", out.toString());

    assertThat(out.resolve("a/empty")).hasContent("");
    assertThat(out.resolve("a/block")).hasContent("x".repeat(512));
    assertThat(out.resolve("b")).hasContent("text");
  }

  @ParameterizedTest
  @ValueSource(ints = {98, 99, 100, 101, 150, 154, 155, 156, 200})
  void namesOfAnyLengthComeBackWhole(int length) throws IOException {
    String name = "a/".repeat(length).substring(0, length - 1) + "f";
    FileTree tree = new FileTree().text(name, "x");

    assertThat(tar(tree, "-t").lines()).contains(name);
  }

  @Test
  void equalTreesAreEqualBytesInWhateverOrderTheyWereMade() throws IOException {
    FileTree other =
        new FileTree()
            .directory("kms", 0700, 10001)
            .directory("tmp", 01777, 0)
            .link("bin/sh", "kms")
            .text("etc/passwd", "root:x:0:0\n")
            .program("bin/kms", new byte[513]);

    assertThat(archive(other)).isEqualTo(archive(sample()));
  }

  @Test
  void nothingOfTheBuildingMachineGetsIn() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "x");
    byte[] before = archive(new FileTree().file("x", file));
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));

    assertThat(archive(new FileTree().file("x", file))).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc/passwd", "a//b", "../a", "a/../b"})
  void refusesAPathThatIsNoneInAnImage(String path) {
    assertThatThrownBy(() -> new FileTree().text(path, "x")).isInstanceOf(ImageProblem.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 300})
  void refusesANameThatTheFormatCannotHold(int length) {
    FileTree tree = new FileTree().text("n".repeat(length), "x");
    assertThatThrownBy(() -> archive(tree)).hasMessageStartingWith("too long for a tar archive");
  }

  @Test
  void refusesALinkThatTheFormatCannotHold() {
    FileTree tree = new FileTree().link("a", "n".repeat(101));
    assertThatThrownBy(() -> archive(tree)).hasMessageStartingWith("too long for a tar archive");
  }
}
