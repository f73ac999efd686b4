package dstack.kms.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomTest {
  @TempDir Path dir;

  @Test
  void isThatOfTheVolumeAsCoreutilsSeeIt() throws IOException {
    Process stat = new ProcessBuilder("stat", "-f", "-c", "%b %S", dir.toString()).start();
    String[] said =
        new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .split(" ", -1);
    Room room = new PosixFileActions().room(dir);
    assertThat(room.total()).isEqualTo(Long.parseLong(said[0]) * Long.parseLong(said[1]));
    assertThat(room.free()).isBetween(1L, room.total());
  }

  @Test
  void isNotKnownOfAFolderThatIsNotThere() {
    assertThatThrownBy(() -> Room.of(dir.resolve("none"))).isInstanceOf(NoSuchFileException.class);
  }
}
