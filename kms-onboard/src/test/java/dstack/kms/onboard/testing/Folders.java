package dstack.kms.onboard.testing;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Folders as values: what is in them, byte for byte. */
public final class Folders {
  private Folders() {}

  /** Every file below the folder with its content in hexadecimal, by relative name. */
  public static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (Path file : below(folder)) {
      if (Files.isRegularFile(file)) {
        contents.put(folder.relativize(file).toString(), Bytes.of(Files.readAllBytes(file)).hex());
      }
    }
    return contents;
  }

  /** Copies a folder with all that is in it. */
  public static void copy(Path from, Path to) throws IOException {
    for (Path file : below(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      if (Files.isDirectory(file)) {
        Files.createDirectories(target);
      } else {
        Files.copy(file, target);
      }
    }
  }

  /** Removes a folder with all that is in it. */
  public static void delete(Path folder) throws IOException {
    for (Path file : below(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
      Files.delete(file);
    }
  }

  /** Both maps; the second wins. */
  public static Map<String, String> merged(Map<String, String> one, Map<String, String> other) {
    Map<String, String> merged = new HashMap<>(one);
    merged.putAll(other);
    return merged;
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    }
  }
}
