package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.BetweenForks;
import dstack.kms.testkit.ProjectRoot;
import java.io.IOException;
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
    BetweenForks.alone(FILE, () -> enterAlone(what, what + ": " + counted));
    System.out.println("faults: " + what + ": " + counted);
  }

  private static void enterAlone(String what, String line) throws IOException {
    Map<String, String> lines = new TreeMap<>();
    if (Files.exists(FILE)) {
      for (String each : Files.readAllLines(FILE)) {
        lines.put(each.substring(0, each.indexOf(':')), each);
      }
    }
    lines.put(what, line);
    Files.write(FILE, lines.values());
  }
}
