package dstack.kms.acceptance.faults;

import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The command lines by which strace watches or stops a program; all without a fork. */
final class Trace {
  private Trace() {}

  /** Shows every call that writes, wherever. */
  static List<String> watching(Path output) {
    return strace(output, Set.of(), String.join(",", Call.WRITING), List.of());
  }

  /** Stops the program after each of these calls about one of these paths. */
  static List<String> stoppingAt(Path output, List<Call> calls) {
    Set<Path> paths = new LinkedHashSet<>();
    calls.forEach(call -> paths.addAll(call.paths()));
    String names = String.join(",", Call.WRITING);
    return strace(output, paths, names, List.of("-e", "inject=" + names + ":signal=SIGSTOP"));
  }

  private static List<String> strace(
      Path output, Set<Path> paths, String names, List<String> injection) {
    List<String> command = new ArrayList<>();
    command.add(Tool.require("strace").toString());
    command.addAll(List.of("-D", "-f", "-y", "-qq", "-o", output.toString()));
    paths.forEach(path -> command.addAll(List.of("-P", path.toString())));
    command.addAll(List.of("-e", "trace=" + names));
    command.addAll(injection);
    return command;
  }
}
