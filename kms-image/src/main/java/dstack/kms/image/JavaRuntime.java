package dstack.kms.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Java run-time image inside the container, cut out of a JDK by jlink. */
final class JavaRuntime {
  /** What the program and its libraries use; a test holds it against jdeps. */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.sql",
          "java.xml",
          "jdk.httpserver",
          "jdk.unsupported");

  private final Path jdk;
  private final Architecture architecture;

  JavaRuntime(Path jdk, Architecture architecture) {
    this.jdk = jdk;
    this.architecture = architecture;
  }

  /** The exact version, such as {@code 25.0.3+9-LTS}, once it is certain that the JDK fits. */
  String version() throws IOException {
    Path release = jdk.resolve("release");
    if (!Files.isReadable(release)) {
      throw new ImageProblem(
          "no JDK 25 for "
              + architecture.word
              + " in "
              + jdk
              + ": name its folder with --jdk-"
              + architecture.word);
    }
    String text = Files.readString(release);
    if (!text.contains("OS_ARCH=\"" + architecture.machine + "\"")) {
      throw new ImageProblem(
          "the JDK in "
              + jdk
              + " is not for "
              + architecture.word
              + ": name one with --jdk-"
              + architecture.word);
    }
    return value(text, "JAVA_RUNTIME_VERSION");
  }

  /** Links it into that folder, which must not exist. */
  void link(Path folder) throws IOException {
    version();
    List<String> command = new ArrayList<>();
    command.add(linker().toString());
    if (architecture != Architecture.here()) {
      command.addAll(List.of("--module-path", modules().toString()));
    }
    command.addAll(List.of("--add-modules", String.join(",", MODULES)));
    command.addAll(List.of("--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"));
    command.addAll(List.of("--compress", "zip-0", "--output", folder.toString()));
    Command.run(command);
  }

  private Path linker() {
    Path home =
        architecture == Architecture.here() ? jdk : Path.of(System.getProperty("java.home"));
    return home.resolve("bin/jlink");
  }

  private Path modules() {
    Path modules = jdk.resolve("jmods");
    if (!Files.isDirectory(modules)) {
      throw new ImageProblem(
          "the JDK in "
              + jdk
              + " has no folder jmods, without which its runtime can be linked on "
              + architecture.word
              + " only: take a JDK with jmods, or build on that machine");
    }
    return modules;
  }

  private static String value(String release, String name) {
    return release
        .lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1).replace("\"", ""))
        .findFirst()
        .orElseThrow(() -> new ImageProblem("the JDK's file release does not say " + name));
  }
}
