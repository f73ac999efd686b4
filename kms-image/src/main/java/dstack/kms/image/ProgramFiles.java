package dstack.kms.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The layers of the program itself: libraries, and what changes with every version. */
final class ProgramFiles {
  private static final String MAIN = "dstack.kms.cli.Main";

  private final Distribution distribution;
  private final Architecture architecture;

  ProgramFiles(Distribution distribution, Architecture architecture) {
    this.distribution = distribution;
    this.architecture = architecture;
  }

  /** The jars of others as they were published, and their native libraries unpacked. */
  FileTree libraries() throws IOException {
    FileTree tree = new FileTree();
    for (Path jar : distribution.jars(architecture)) {
      if (!isOurs(jar)) {
        tree.file(place(jar), jar);
      }
    }
    for (Map.Entry<String, byte[]> each : distribution.libraries(architecture).entrySet()) {
      tree.program(Places.NATIVE + "/" + each.getKey(), each.getValue());
    }
    return tree;
  }

  /** Our jars, the options of the JVM and the two names of the program. */
  FileTree program(boolean archived) throws IOException {
    FileTree tree = new FileTree();
    for (Path jar : distribution.jars(architecture)) {
      if (isOurs(jar)) {
        tree.file(place(jar), jar);
      }
    }
    return tree.text(Places.OPTIONS, options(archived))
        .program(Places.PROGRAMS + "/kms", launcher(Optional.empty()).build(architecture))
        .program(
            Places.PROGRAMS + "/dstack-kms", launcher(Optional.of("serve")).build(architecture));
  }

  /**
   * Half of the container's memory is for the heap; the rest is for everything else. The heap
   * begins small whatever the machine has, because the virtual machine touches all of the young
   * part; and what the compilers freed goes back to the system.
   */
  private String options(boolean archived) throws IOException {
    String natives = Places.absolute(Places.NATIVE);
    List<String> more =
        List.of(
            "# In the container: memory by its limit, native libraries where they were unpacked.",
            "-XX:MaxRAMPercentage=50",
            "-Xms32m",
            "-XX:TrimNativeHeapInterval=10000",
            "-Djava.library.path=" + natives,
            "-Djna.boot.library.path=" + natives,
            "-Djna.nounpack=true",
            "-Dcom.amazon.corretto.crypto.provider.useExternalLib=true");
    String archive =
        archived ? "-XX:SharedArchiveFile=" + Places.absolute(Places.ARCHIVE) + "\n" : "";
    return distribution.options()
        + String.join("\n", more)
        + "\n"
        + archive
        + "-cp\n"
        + classPath()
        + "\n";
  }

  private String classPath() throws IOException {
    return String.join(
        ":",
        distribution.jars(architecture).stream().map(jar -> Places.absolute(place(jar))).toList());
  }

  private static Launcher launcher(Optional<String> implied) {
    return new Launcher(
        Places.absolute(Places.JAVA),
        List.of("@" + Places.absolute(Places.OPTIONS), MAIN),
        implied);
  }

  private static boolean isOurs(Path jar) {
    return jar.getFileName().toString().startsWith("kms");
  }

  private static String place(Path jar) {
    return Places.LIB + "/" + jar.getFileName();
  }
}
