package dstack.kms.onboard.preflight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Whether the folder for keys takes files, found out without writing one. */
final class StoreCheck {
  /** A complete set of keys and certificates takes a tenth of this. */
  private static final long ROOM = 1 << 20;

  private StoreCheck() {}

  /** Names no path: that is for the log. A folder that is not there yet is made by the server. */
  static Found<Path> look(Path folder) {
    Path place = nearest(folder);
    if (!Files.isDirectory(place) || !Files.isWritable(place)) {
      return new Found.Bad<>(
          "no: the folder cannot be written",
          Advice.of(
              "core.cert_dir must be a folder on a writable volume that belongs to the"
                  + " server's user."));
    }
    try {
      return Files.getFileStore(place).getUsableSpace() < ROOM
          ? new Found.Bad<>("no: the volume is full", Advice.of("Make room on the volume."))
          : new Found.Good<>(folder, "yes");
    } catch (IOException e) {
      return new Found.Bad<>(
          "no: the volume does not answer", Advice.of("Look at the volume of core.cert_dir."));
    }
  }

  /** The folder, or the nearest above it that exists. */
  private static Path nearest(Path folder) {
    Path place = folder.toAbsolutePath();
    while (!Files.exists(place, LinkOption.NOFOLLOW_LINKS) && place.getParent() != null) {
      place = place.getParent();
    }
    return place;
  }
}
