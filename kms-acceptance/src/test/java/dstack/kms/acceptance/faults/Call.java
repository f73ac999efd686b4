package dstack.kms.acceptance.faults;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A system call that changes the file system, found in the output of strace.
 *
 * @param thread that made it, by which strace counts
 * @param name of the call
 * @param paths it is about
 */
record Call(String thread, String name, List<Path> paths) {
  /** Every call by which files come, change, move or go. */
  static final List<String> WRITING =
      List.of(
          "write",
          "pwrite64",
          "writev",
          "fsync",
          "fdatasync",
          "rename",
          "renameat2",
          "ftruncate",
          "fallocate",
          "openat",
          "mkdir",
          "rmdir",
          "unlink",
          "link",
          "chmod",
          "fchmod");

  private static final Pattern LINE = Pattern.compile("^(\\d+) +([a-z0-9_]+)\\((.*)");
  private static final Pattern PATH = Pattern.compile("[\"<](/[^\">]*)[\">]");

  /** The call of a line, if the line shows one that writes. */
  static Stream<Call> of(String line) {
    return LINE.matcher(line).results().filter(Call::writes).map(Call::parsed);
  }

  private static boolean writes(MatchResult line) {
    return WRITING.contains(line.group(2))
        && (!line.group(2).equals("openat") || line.group(3).contains("O_CREAT"));
  }

  private static Call parsed(MatchResult line) {
    boolean opening = line.group(2).equals("openat"); // its first path is the working directory
    List<Path> paths =
        PATH.matcher(line.group(3))
            .results()
            .map(found -> Path.of(found.group(1)))
            .skip(opening ? 1 : 0)
            .limit(line.group(2).startsWith("rename") ? 2 : 1) // data may look like a path
            .toList();
    return new Call(line.group(1), line.group(2), paths);
  }

  boolean within(Path folder) {
    return paths.stream().anyMatch(path -> path.startsWith(folder));
  }

  @Override
  public String toString() {
    return name + " " + paths;
  }
}
