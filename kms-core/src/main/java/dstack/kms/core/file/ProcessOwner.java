package dstack.kms.core.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which user this process acts as. */
public final class ProcessOwner {
  private ProcessOwner() {}

  /**
   * The effective user id. Read from the status text: the owner of {@code /proc/self} is root as
   * soon as the process may not be dumped.
   */
  public static int effectiveUserId() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("Uid:")) {
          return Integer.parseInt(line.split("\\s+", -1)[2]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("/proc/self/status has no Uid line");
  }
}
