package dstack.kms.image;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.image.Entry.Directory;
import dstack.kms.image.Entry.File;
import dstack.kms.image.Entry.Link;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files by their path in the image, without a slash at the beginning, in the order of the paths;
 * the folders above each are there as well. Nothing of the building machine gets in but content:
 * modes are 0755 for folders and programs and 0644 for other files unless said otherwise.
 */
final class FileTree {
  private static final int READABLE = 0644;
  private static final int EXECUTABLE = 0755;

  private final SortedMap<String, Entry> entries = new TreeMap<>();

  SortedMap<String, Entry> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  FileTree directory(String path, int mode, int owner) {
    return put(path, new Directory(mode, owner));
  }

  FileTree text(String path, String text) {
    return bytes(path, text.getBytes(StandardCharsets.UTF_8));
  }

  FileTree bytes(String path, byte[] bytes) {
    return put(path, new File(READABLE, new Content.Made(Bytes.of(bytes))));
  }

  FileTree program(String path, byte[] bytes) {
    return put(path, new File(EXECUTABLE, new Content.Made(Bytes.of(bytes))));
  }

  FileTree program(String path, Path source) {
    return put(path, new File(EXECUTABLE, new Content.OnDisk(source)));
  }

  FileTree file(String path, Path source) {
    boolean executable = Files.isExecutable(source);
    return put(path, new File(executable ? EXECUTABLE : READABLE, new Content.OnDisk(source)));
  }

  FileTree link(String path, String target) {
    return put(path, new Link(target));
  }

  /** Everything below a folder, with its symbolic links as they are. */
  FileTree copy(String path, Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path each : (Iterable<Path>) found.sorted()::iterator) {
        String place = each.equals(folder) ? path : path + "/" + folder.relativize(each);
        if (Files.isSymbolicLink(each)) {
          link(place, Files.readSymbolicLink(each).toString());
        } else if (Files.isDirectory(each)) {
          directory(place, EXECUTABLE, 0);
        } else {
          file(place, each);
        }
      }
    }
    return this;
  }

  private FileTree put(String path, Entry entry) {
    if (path.isEmpty() || path.startsWith("/") || path.contains("//") || path.contains("..")) {
      throw new ImageProblem("not a path of an image: " + path);
    }
    int slash = path.lastIndexOf('/');
    if (slash > 0 && !entries.containsKey(path.substring(0, slash))) {
      directory(path.substring(0, slash), EXECUTABLE, 0);
    }
    entries.put(path, entry);
    return this;
  }
}
