package dstack.kms.acceptance.container;

import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What stands in for what cannot be had here. There is no JDK for arm64, so the runtime of that
 * processor has nothing but a release file and one program; and there are no static helios, curl
 * and jq. For arm64 Debian's static busybox is each of these programs: nothing can run them here.
 *
 * @param folder where they are made
 */
record StandIns(Path folder) {
  private static final Path ROOT = ProjectRoot.path();

  /** Makes them anew. */
  static StandIns in(Path folder) throws IOException {
    Program.run(List.of("rm", "-rf", folder.toString())).success();
    Files.createDirectories(folder);
    StandIns made = new StandIns(folder);
    String fetch = ROOT.resolve("build/image/debian.sh").toString();
    Program.run(List.of(fetch, "arm64", made.debian().toString())).success();
    made.compile();
    made.makeRuntime();
    return made;
  }

  /** A runtime for arm64 as jlink would have made it there, but for what is in it. */
  Path runtime() {
    return folder.resolve("runtime");
  }

  /** The options that name helios, curl and jq for both processors. */
  List<String> tools() {
    List<String> options = new ArrayList<>();
    for (String name : List.of("helios", "curl", "jq")) {
      options.addAll(List.of("--tool", name + "=" + folder.resolve("program")));
      options.addAll(List.of("--tool", name + "=" + busybox()));
    }
    return options;
  }

  /** The real native libraries for arm64, which the build has fetched, as jars. */
  static void natives(Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> jars = Files.list(ROOT.resolve("kms-acceptance/target/arm64"))) {
      for (Path jar : jars.toList()) {
        Files.copy(jar, target.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path debian() {
    return folder.resolve("debian");
  }

  private Path busybox() {
    return debian().resolve("busybox-static/bin/busybox");
  }

  private void compile() {
    String source = ROOT.resolve("kms-acceptance/src/test/c/stand-in.c").toString();
    String gcc = Tool.require("gcc").toString();
    String program = folder.resolve("program").toString();
    Program.run(List.of(gcc, "-static", "-Wall", "-Werror", "-o", program, source)).success();
  }

  private void makeRuntime() throws IOException {
    Files.createDirectories(runtime().resolve("bin"));
    Files.createDirectories(runtime().resolve("lib"));
    String release = Host.read(Path.of(System.getProperty("java.home"), "release"));
    Program.write(
        runtime().resolve("release"),
        release.replaceAll("(?m)^OS_ARCH=.*$", "OS_ARCH=\"aarch64\""));
    Program.write(runtime().resolve("lib/modules"), "a stand-in\n");
    Files.copy(busybox(), runtime().resolve("bin/java"));
  }
}
