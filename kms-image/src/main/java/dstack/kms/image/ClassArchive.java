package dstack.kms.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The archive of loaded classes with which the program starts in less time and memory.
 *
 * <p>The JVM takes it only where every jar has the path, size and time that it had when the archive
 * was made. So it is made by the image's own runtime in the image's own file system, entered with
 * {@code chroot}. The classes come from a kept list, because a list recorded anew differs a little
 * each time; then the archive is the same bytes each time.
 */
final class ClassArchive {
  /** Where the kept list lies while the archive is made. */
  private static final String LIST = "tmp/classes.lst";

  private static final String CONFIGURATION = "tmp/kms.toml";

  /** The same heap everywhere, so that the archived objects do not depend on the machine. */
  private static final List<String> MACHINE = List.of("-Xms128m", "-Xmx128m");

  private final Path root;

  /** Unpacks the layers below {@code root}, which must not exist. */
  ClassArchive(Path root, List<FileTree> layers) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("proc"));
    Files.createDirectories(root.resolve("dev"));
    for (FileTree layer : layers) {
      Folders.unpack(layer, root);
    }
  }

  /** The archive of the classes in that list, proved to be one that this image's JVM takes. */
  Path make(Path list) throws IOException {
    Files.copy(list, root.resolve(LIST));
    List<String> dump = new ArrayList<>(MACHINE);
    dump.addAll(List.of("-Xshare:dump", "-Xlog:cds=off", "-Xlog:cds*=off"));
    dump.add("-XX:SharedClassListFile=" + Places.absolute(LIST));
    java(dump, List.of());
    Files.delete(root.resolve(LIST));
    java(List.of("-Xshare:on"), List.of("--version"));
    return root.resolve(Places.ARCHIVE);
  }

  /**
   * Keeps the names of the classes that the program loads: while it checks itself from outside,
   * with a policy in a file and with one on a chain, whose program {@code anvil} must be there,
   * while it reads a configuration file, and for the two commands that run in containers.
   */
  void record(Path list) throws IOException {
    Files.writeString(root.resolve(CONFIGURATION), "[core]\nsite_name = \"recorded\"\n");
    List<List<String>> runs =
        List.of(
            List.of("dev", "--check", "--port", "0", "--dir", "/tmp/dev"),
            List.of("dev", "--check", "--port", "0", "--dir", "/tmp/dev-chain", "--chain"),
            List.of("config", "check", "-c", Places.absolute(CONFIGURATION)),
            List.of("serve", "--help"),
            List.of("auth-api", "--help"));
    List<Path> recorded = new ArrayList<>();
    for (List<String> run : runs) {
      String each = LIST + recorded.size();
      java(List.of("-XX:DumpLoadedClassList=" + Places.absolute(each)), run);
      recorded.add(root.resolve(each));
    }
    ClassList.keep(recorded, list);
  }

  /**
   * Runs the program in the image's file system; what it printed. Where anvil lies outside is of no
   * use in there.
   */
  String java(List<String> options, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!"root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(
        List.of(
            "sh",
            "-c",
            "unset KMS_ANVIL && r=$1 && shift && PATH=/usr/local/bin:$PATH && mount --rbind /proc"
                + " \"$r/proc\" && mount --rbind /dev \"$r/dev\" && exec chroot \"$r\" \"$@\"",
            "enter",
            root.toString(),
            Places.absolute(Places.JAVA),
            "@" + Places.absolute(Places.OPTIONS)));
    command.addAll(options);
    if (!arguments.isEmpty()) {
      command.add("dstack.kms.cli.Main");
      command.addAll(arguments);
    }
    return Command.run(command);
  }
}
