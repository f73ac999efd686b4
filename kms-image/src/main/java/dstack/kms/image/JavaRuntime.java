package dstack.kms.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Java run-time image inside the container: cut out of a JDK by jlink, or already cut out on a
 * machine of its processor.
 */
final class JavaRuntime {
  private static final int ELF = 0x7f454c46;

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
    String text = release();
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

  private String release() throws IOException {
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
    return Files.readString(release);
  }

  /**
   * Links it into that folder, which must not exist; the folder in which it lies afterwards. Every
   * program and library in it is one of its processor.
   */
  Path link(Path folder) throws IOException {
    version();
    Path linked = isLinked() ? jdk : cut(folder);
    requireProcessor(linked);
    return linked;
  }

  /** Whether this is no JDK but what jlink made of one: it has the modules and cannot link. */
  private boolean isLinked() throws IOException {
    if (Files.notExists(jdk.resolve("lib/modules"))
        || Files.exists(jdk.resolve("bin/jlink"))
        || Files.exists(jdk.resolve("jmods"))) {
      return false;
    }
    List<String> there = List.of(value(release(), "MODULES").split(" ", -1));
    List<String> missing = MODULES.stream().filter(each -> !there.contains(each)).toList();
    if (!missing.isEmpty()) {
      throw new ImageProblem(
          "the runtime in " + jdk + " lacks " + missing + ": link it with all of " + MODULES);
    }
    return true;
  }

  private Path cut(Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(linker().toString());
    if (architecture != Architecture.here()) {
      command.addAll(List.of("--module-path", modules().toString()));
    }
    command.addAll(List.of("--add-modules", String.join(",", MODULES)));
    command.addAll(List.of("--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"));
    command.addAll(List.of("--compress", "zip-0", "--output", folder.toString()));
    Command.run(command);
    return folder;
  }

  private void requireProcessor(Path runtime) throws IOException {
    try (Stream<Path> found = Files.walk(runtime)) {
      for (Path each : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
        if (isElf(each)) {
          String name = each.toString();
          Elf.parse(Files.readAllBytes(each), name).require(architecture, name);
        }
      }
    }
  }

  private static boolean isElf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(Integer.BYTES);
      return start.length == Integer.BYTES && ByteBuffer.wrap(start).getInt() == ELF;
    }
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
              + " only: take a JDK with jmods, or a runtime that jlink made there");
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
