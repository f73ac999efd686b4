package dstack.kms.client.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where keys are written, and what must never be taken for a file. */
final class OutputFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;

  private static Secret secret() {
    return Secret.takeOver("secret".getBytes(StandardCharsets.UTF_8));
  }

  private void refuses(Path path) throws IOException {
    long before = entries();
    OutputFile file = new OutputFile(path);
    try (Secret secret = secret()) {
      assertThatThrownBy(file::requireUsable)
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> {
                assertThat(e.code()).isEqualTo(FetchRefusal.OUTPUT);
                assertThat(e.text()).startsWith("cannot write " + path + ": ");
              });
      assertThatThrownBy(() -> file.write(secret, RANDOM)).isInstanceOf(RefusalException.class);
    }
    assertThat(entries()).isEqualTo(before);
  }

  private long entries() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.count();
    }
  }

  /** As root a rename over a device or a pipe would leave the keys in its place. */
  @Test
  void replacesNoPipeAndNoLinkToADevice() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(
            new ProcessBuilder(Tool.require("mkfifo").toString(), pipe.toString())
                .start()
                .waitFor())
        .isZero();
    refuses(pipe);
    Path link = Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null"));
    refuses(link);
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/dev/null"));
    refuses(Files.createDirectory(folder.resolve("directory")));
  }

  @Test
  void needsAFolderThatIsThere() throws IOException {
    refuses(folder.resolve("missing/keys"));
    refuses(Files.writeString(folder.resolve("file"), "").resolve("keys"));
  }

  @Test
  void replacesAFileAndALinkToOneOrToNothing() throws IOException {
    Path kept = Files.writeString(folder.resolve("kept"), "kept");
    for (Path target :
        new Path[] {
          folder.resolve("new"),
          Files.writeString(folder.resolve("old"), "old"),
          Files.createSymbolicLink(folder.resolve("link"), kept),
          Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere")),
        }) {
      try (Secret secret = secret()) {
        new OutputFile(target).write(secret, RANDOM);
      }
      assertThat(Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(target).hasContent("secret");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
          .isEqualTo("rw-------");
    }
    assertThat(kept).hasContent("kept");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void knowsItsPlaceByWhateverWords() {
    assertThat(new OutputFile(folder.resolve("a/../keys")).place())
        .isEqualTo(new OutputFile(folder.resolve("keys")).place());
  }
}
