import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Prints the numbers of the house style for each module: {@code java build/Sizes.java}.
 *
 * <p>Lines of production files and of their methods (median, 90th percentile, largest), and lines of
 * test per line of production. Names every file over 250 lines and every method over 30.
 */
final class Sizes {
  private record Method(String name, int lines) {}

  private record Sources(List<Path> files, List<Integer> lines) {
    int total() {
      return lines.stream().mapToInt(Integer::intValue).sum();
    }
  }

  public static void main(String[] args) throws IOException {
    System.out.println("module        files  median  p90  max   methods  median  p90  max   test/production");
    List<String> remarks = new ArrayList<>();
    for (Path module : modules()) {
      Sources production = sources(module.resolve("src/main/java"));
      Sources tests = sources(module.resolve("src/test/java"));
      if (production.files().isEmpty()) {
        continue;
      }
      List<Method> methods = methods(production.files());
      List<Integer> sizes = methods.stream().map(Method::lines).sorted().toList();
      System.out.printf(
          "%-13s %5d  %6d  %3d  %3d   %7d  %6d  %3d  %3d   %.2f%n",
          module.getFileName(),
          production.files().size(),
          at(production.lines(), 50),
          at(production.lines(), 90),
          at(production.lines(), 100),
          sizes.size(),
          at(sizes, 50),
          at(sizes, 90),
          at(sizes, 100),
          (double) tests.total() / production.total());
      remark(production, methods, remarks);
    }
    remarks.forEach(System.out::println);
  }

  private static void remark(Sources production, List<Method> methods, List<String> remarks)
      throws IOException {
    for (Path file : production.files()) {
      int lines = lines(file);
      if (lines > 250) {
        remarks.add(lines + " lines: " + file);
      }
    }
    methods.stream()
        .filter(method -> method.lines() > 30)
        .forEach(method -> remarks.add(method.lines() + " lines: " + method.name()));
  }

  private static List<Method> methods(List<Path> files) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var manager = compiler.getStandardFileManager(null, null, null);
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    List<Method> found = new ArrayList<>();
    for (CompilationUnitTree unit : task.parse()) {
      LineMap lines = unit.getLineMap();
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
          if (method.getBody() != null) {
            long from = positions.getStartPosition(unit, method.getBody());
            long to = positions.getEndPosition(unit, method.getBody());
            if (from >= 0 && to >= 0) {
              int size = (int) (lines.getLineNumber(to) - lines.getLineNumber(from) - 1);
              String file = Path.of(unit.getSourceFile().getName()).getFileName().toString();
              found.add(new Method(file + " " + method.getName(), Math.max(size, 0)));
            }
          }
          return super.visitMethod(method, nothing);
        }
      }.scan(unit, null);
    }
    return found;
  }

  private static int at(List<Integer> sorted, int percent) {
    if (sorted.isEmpty()) {
      return 0;
    }
    return sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1));
  }

  private static Sources sources(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> walk = Files.walk(folder)) {
        for (Path file : walk.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
          files.add(file);
          lines.add(lines(file));
        }
      }
    }
    return new Sources(files, lines.stream().sorted().toList());
  }

  private static int lines(Path file) throws IOException {
    return Files.readAllLines(file).size();
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> top = Files.list(Path.of(""))) {
      return top.filter(each -> Files.exists(each.resolve("src/main/java"))).sorted().toList();
    }
  }
}
