package dstack.kms.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The kept list of classes: names only, sorted, without what only simulations use. */
final class ClassList {
  private ClassList() {}

  /** Makes a list to keep from those that the JVM recorded. */
  static void keep(List<Path> recorded, Path kept) throws IOException {
    NavigableSet<String> names = new TreeSet<>();
    for (Path each : recorded) {
      try (Stream<String> lines = Files.lines(each)) {
        lines
            .filter(line -> !line.startsWith("#") && !line.startsWith("@"))
            .map(line -> line.split(" ", 2)[0])
            .filter(ClassList::isKept)
            .forEach(names::add);
      }
    }
    Files.write(kept, names);
  }

  private static boolean isKept(String name) {
    return !name.isEmpty()
        && !name.startsWith("dstack/kms/sim/")
        && !name.startsWith("dstack/kms/cli/dev/")
        && !name.contains("sun/net/httpserver")
        && !name.contains("$$")
        && !name.contains("LambdaForm")
        && !name.contains("0x0");
  }
}
