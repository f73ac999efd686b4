package dstack.kms.image;

import dstack.kms.image.Entry.Directory;
import dstack.kms.image.Entry.File;
import dstack.kms.image.Entry.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is done to folders of the building machine. */
final class Folders {
  private static final FileTime TIME =
      FileTime.from(TarWriter.TIME, java.util.concurrent.TimeUnit.SECONDS);

  private Folders() {}

  /** Deletes a folder with everything in it; links are not followed. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path each : (Iterable<Path>) found.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(each);
      }
    }
  }

  /** Unpacks a tree below a folder, as the image will have it but for owners. */
  static void unpack(FileTree tree, Path root) throws IOException {
    for (Map.Entry<String, Entry> each : tree.entries().entrySet()) {
      Path place = root.resolve(each.getKey());
      switch (each.getValue()) {
        case Directory _ -> Files.createDirectories(place);
        case Link it -> Files.createSymbolicLink(place, Path.of(it.target()));
        case File it -> {
          try (OutputStream out = Files.newOutputStream(place)) {
            it.content().writeTo(out);
          }
          Files.setPosixFilePermissions(place, permissions(it.mode()));
          Files.setLastModifiedTime(place, TIME);
        }
      }
    }
  }

  /** Lets everybody read a file that was made for its owner alone. */
  static void readable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, permissions(0644));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 1 ? "rwx".charAt((8 - bit) % 3) : '-');
    }
    return PosixFilePermissions.fromString(text.toString());
  }
}
