package dstack.kms.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the processes that run tests side by side must not do at the same time. */
public final class BetweenForks {
  private BetweenForks() {}

  /** Work on what the processes share. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does the work while no other process does work under the same name.
   *
   * @param shared the file or folder that the work is about; its lock file lies beside it
   */
  public static synchronized void alone(Path shared, Work work) {
    Path lock = shared.resolveSibling("." + shared.getFileName() + ".lock");
    try {
      Files.createDirectories(lock.toAbsolutePath().getParent());
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        work.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
