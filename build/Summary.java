import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Sums up a test run over all modules.
 *
 * <p>{@code java build/Summary.java left-out} names the components whose tests were left out;
 * {@code java build/Summary.java tests STATUS} prints that line too, then {@code N passed, N failed,
 * N skipped}, and ends with 1 unless everything passed. A build that ended with a STATUS other than 0
 * without any failed test counts as one failure.
 */
final class Summary {
  private int passed;
  private int failed;
  private int skipped;

  public static void main(String[] args) throws Exception {
    boolean sum = args.length == 2 && args[0].equals("tests");
    if (!sum && !(args.length == 1 && args[0].equals("left-out"))) {
      System.err.println("usage: java build/Summary.java left-out | tests STATUS");
      System.exit(2);
    }
    printLeftOut();
    if (sum) {
      System.exit(new Summary().sumUp(Integer.parseInt(args[1])));
    }
  }

  private int sumUp(int buildStatus) throws Exception {
    for (Path report : inModules("surefire-reports", "TEST-*.xml")) {
      add(report);
    }
    if (buildStatus != 0 && failed == 0) {
      System.out.println("the build itself failed, which counts as one failure: see target/test.log");
      failed++;
    }
    System.out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
    return failed == 0 && passed > 0 ? 0 : 1;
  }

  private void add(Path report) throws Exception {
    Element suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getDocumentElement();
    int wrong = count(suite, "failures") + count(suite, "errors");
    failed += wrong;
    skipped += count(suite, "skipped");
    passed += count(suite, "tests") - wrong - count(suite, "skipped");
  }

  private static int count(Element suite, String attribute) {
    return Integer.parseInt(suite.getAttribute(attribute));
  }

  private static void printLeftOut() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (Path list : inModules(".", "left-out.txt")) {
      names.addAll(Files.readAllLines(list));
    }
    if (!names.isEmpty()) {
      System.out.println("left out, because these are missing: " + String.join(", ", names));
    }
  }

  private static List<Path> inModules(String folder, String glob) throws IOException {
    var files = new TreeSet<Path>();
    try (Stream<Path> modules = Files.list(Path.of("."))) {
      for (Path module : modules.toList()) {
        Path place = module.resolve("target").resolve(folder);
        if (Files.isDirectory(place)) {
          try (var found = Files.newDirectoryStream(place, glob)) {
            found.forEach(files::add);
          }
        }
      }
    }
    return List.copyOf(files);
  }
}
