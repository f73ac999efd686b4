import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks or applies the source format: {@code java build/Format.java check|apply}.
 *
 * <p>google-java-format parses with the JDK that runs it, and Maven may run on an older one, so this
 * starts it as a program of its own on the JDK that runs this file.
 */
final class Format {
  private static final Path JAR = Path.of("target/tools/google-java-format.jar");
  private static final List<String> EXPORTS =
      List.of("api", "code", "file", "parser", "tree", "util");

  public static void main(String[] args) throws Exception {
    boolean check = args.length == 1 && args[0].equals("check");
    if (!check && !(args.length == 1 && args[0].equals("apply"))) {
      System.err.println("usage: java build/Format.java check|apply");
      System.exit(2);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    for (String name : EXPORTS) {
      command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + name + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
    Path list = Files.createTempFile("format", ".txt");
    Files.write(list, sources());
    command.add("@" + list);
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    Files.delete(list);
    if (check && status != 0) {
      System.err.println("the files named above are not formatted: run ./kms format");
    }
    System.exit(status);
  }

  private static List<String> sources() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> top = Files.list(Path.of("."))) {
      for (Path folder : top.sorted().toList()) {
        Path sources = folder.resolve("src");
        if (Files.isDirectory(sources)) {
          try (Stream<Path> files = Files.walk(sources)) {
            files.filter(f -> f.toString().endsWith(".java")).map(Path::toString).forEach(found::add);
          }
        }
      }
    }
    return found;
  }
}
