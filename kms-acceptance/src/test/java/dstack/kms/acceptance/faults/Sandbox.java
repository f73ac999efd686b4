package dstack.kms.acceptance.faults;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.LeftOut;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A namespace that a process of its own holds open: what is mounted or configured in it goes with
 * that process, however the test ends.
 */
final class Sandbox implements AutoCloseable {
  private final Background holder;
  private final String kind;

  private Sandbox(String kind, List<String> options) {
    this.kind = kind;
    List<String> command = new ArrayList<>(List.of(Tool.require("unshare").toString(), kind));
    command.addAll(options);
    command.addAll(List.of("sh", "-c", "echo held; exec sleep 3600"));
    holder = new Background(command, Map.of());
    try {
      holder.await("^held$");
    } catch (AssertionError e) {
      holder.close();
      throw LeftOut.because("a namespace of its own (needs root)");
    }
  }

  /** In it, mounts are seen by nobody else. */
  static Sandbox ofMounts() {
    return new Sandbox("--mount", List.of("--propagation", "private"));
  }

  /** In it there is no network but what the test makes. */
  static Sandbox ofNetwork() {
    return new Sandbox("--net", List.of());
  }

  /** What to put before a command so that it runs in here, as the same process. */
  List<String> starter() {
    return List.of(
        Tool.require("nsenter").toString(), kind, "--target", String.valueOf(pid()), "--");
  }

  /** Runs a command in here. */
  Program run(String... command) {
    List<String> all = new ArrayList<>(starter());
    all.addAll(List.of(command));
    return Program.run(all);
  }

  /** How a path in here is reached from outside. */
  Path seen(Path inside) {
    return Path.of("/proc/" + pid() + "/root" + inside);
  }

  long pid() {
    return holder.pid();
  }

  @Override
  public void close() {
    holder.kill();
  }
}
