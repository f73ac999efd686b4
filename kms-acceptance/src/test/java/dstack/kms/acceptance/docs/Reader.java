package dstack.kms.acceptance.docs;

import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.ProjectRoot;
import dstack.kms.testkit.Tool;
import dstack.kms.testkit.Vectors;
import dstack.kms.testkit.docs.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Somebody with a page, a checkout whose program is built, and a terminal in it.
 *
 * <p>The machine can be read and not written, but for the reader's own folder and {@code /tmp}; of
 * networks there is the loopback, of its own, where the host names of documentation lead to. So the
 * ports of the pages are free, nothing outside is asked, and nothing stays.
 */
final class Reader implements AutoCloseable {
  /** What readers have before they begin. */
  static final Path SCRIPTS = ProjectRoot.path().resolve("kms-acceptance/src/test/pages");

  /** The folder of everything that the reader has. */
  private static final String HOME = "/tmp/reader";

  /** Names that are kept free for documentation (RFC 2606). */
  private static final Pattern HOST =
      Pattern.compile("\\b[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\\.example(?:\\.(?:org|com|net))?\\b");

  /** What of the checkout pages name. */
  private static final List<String> CHECKOUT = List.of("build", "contracts", "deploy", "docs");

  private final Path folder;
  private final Shell shell;
  private int scripts;

  /** Sits down in an empty folder. */
  Reader(Page page) {
    try {
      folder = Files.createTempDirectory("reader");
      Path checkout = Files.createDirectories(folder.resolve("dstack-kms"));
      for (String name : CHECKOUT) {
        Files.createSymbolicLink(checkout.resolve(name), ProjectRoot.path().resolve(name));
      }
      Files.createSymbolicLink(checkout.resolve("kms"), distribution().resolve("kms"));
      Path shared = Files.createDirectories(folder.resolve("shared"));
      Files.createSymbolicLink(shared.resolve("vectors"), Vectors.path(""));
      Files.createSymbolicLink(folder.resolve("pages"), SCRIPTS);
      Files.createDirectories(folder.resolve("scripts"));
      Files.writeString(folder.resolve("hosts"), hosts(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    shell = new Shell(command());
  }

  /** The name of the script with what a reader of that page has. */
  static String script(Page page) {
    return page.path().replace(".md", ".sh").replace('/', '-');
  }

  /** Types the commands; the shell stays in the folder that they end in. */
  Shell.Ended type(String where, String commands) {
    String name = "scripts/" + scripts++ + ".sh";
    write(folder.resolve(name), commands);
    Shell.Ended ended = shell.run(where, Path.of(HOME, name));
    write(folder.resolve("said"), ended.output());
    return ended;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path distribution() {
    return ProjectRoot.path().resolve("kms-cli/target/dist/bin");
  }

  /** Each name that the page mentions has an address of its own, the first one 127.0.0.1. */
  private static String hosts(Page page) {
    List<String> names =
        HOST.matcher(page.text()).results().map(MatchResult::group).distinct().toList();
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
    for (int i = 0; i < names.size(); i++) {
      hosts.append("127.0.0.").append(i + 1).append(' ').append(names.get(i)).append('\n');
    }
    return hosts.toString();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Tool.require("bwrap").toString(), "--die-with-parent"));
    command.addAll(List.of("--unshare-pid", "--unshare-net", "--unshare-ipc", "--new-session"));
    command.addAll(List.of("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"));
    String root = ProjectRoot.path().toString();
    command.addAll(List.of("--tmpfs", "/tmp", "--ro-bind", root, root));
    command.addAll(List.of("--bind", folder.toString(), HOME));
    command.addAll(List.of("--ro-bind", folder.resolve("hosts").toString(), "/etc/hosts"));
    command.addAll(List.of("--chdir", HOME + "/dstack-kms", "--clearenv"));
    set(command, "HOME", HOME);
    set(command, "LANG", "C.UTF-8");
    set(command, "KMS_JAVA_HOME", System.getProperty("java.home"));
    set(command, "KMS_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    set(command, "PATH", path());
    // Whatever is started in the background of a script ignores Ctrl-C, this test run perhaps too.
    command.addAll(List.of("--", "env", "--default-signal=INT,QUIT"));
    command.addAll(List.of("bash", "--noprofile", "--norc"));
    return command;
  }

  private static void set(List<String> command, String name, String value) {
    command.addAll(List.of("--setenv", name, value));
  }

  private static String path() {
    return distribution()
        + ":"
        + Anvil.program().getParent()
        + ":"
        + System.getenv().getOrDefault("PATH", "/usr/bin:/bin")
        + ":/usr/sbin";
  }

  /** Everything that was started ends with the sandbox; nothing stays. */
  @Override
  public void close() {
    shell.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
