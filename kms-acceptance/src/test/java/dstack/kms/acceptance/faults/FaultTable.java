package dstack.kms.acceptance.faults;

import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The counted table of all faults, {@code target/faults.txt} of the whole project. */
final class FaultTable {
  private static final Path FILE = ProjectRoot.path().resolve("target/faults.txt");

  private FaultTable() {}

  /**
   * Enters a line, in the place of an earlier one about the same.
   *
   * @param what procedure and fault
   * @param counted the points and what came of them
   */
  static synchronized void enter(String what, String counted) {
    Map<String, String> lines = new TreeMap<>();
    try {
      Files.createDirectories(FILE.getParent());
      if (Files.exists(FILE)) {
        for (String line : Files.readAllLines(FILE)) {
          lines.put(line.substring(0, line.indexOf(':')), line);
        }
      }
      lines.put(what, what + ": " + counted);
      Files.write(FILE, lines.values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.println("faults: " + what + ": " + counted);
  }
}
