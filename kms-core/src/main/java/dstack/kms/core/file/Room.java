package dstack.kms.core.file;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much room a volume has.
 *
 * @param free the bytes that this process may still write
 * @param total the bytes of the whole volume
 */
public record Room(long free, long total) {
  /** The room of the volume that a directory lies on, now. */
  public static Room of(Path directory) throws IOException {
    FileStore volume = Files.getFileStore(directory);
    return new Room(volume.getUsableSpace(), volume.getTotalSpace());
  }
}
