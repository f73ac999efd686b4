package dstack.kms.core.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a directory and those above it that are missing, each private and durable. */
public final class DirectoryLadder {
  private DirectoryLadder() {}

  /** Makes what is missing; nothing if the directory is there. */
  public static void make(Path missing, FileActions actions) throws IOException {
    List<Path> ladder = new ArrayList<>();
    Path step = missing;
    while (step != null && !Files.exists(step, LinkOption.NOFOLLOW_LINKS)) {
      ladder.addFirst(step);
      step = step.getParent();
    }
    for (Path each : ladder) {
      actions.createDirectory(each);
      if (each.getParent() != null) {
        actions.sync(each.getParent());
      }
    }
  }
}
