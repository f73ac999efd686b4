package dstack.kms.acceptance.container;

import dstack.kms.acceptance.Background;
import dstack.kms.acceptance.Host;
import dstack.kms.acceptance.Program;
import dstack.kms.testkit.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A container of an image: nothing of the file system can be written but the volume {@code /kms},
 * there is no way to more rights, and of this machine only the network and the agent are seen.
 */
final class Container {
  private final Image image;
  private final List<String> command = new ArrayList<>();

  private Container(Image image) {
    this.image = image;
    command.addAll(List.of(Tool.require("bwrap").toString(), "--unshare-all", "--share-net"));
    command.addAll(List.of("--die-with-parent", "--uid", "10001", "--gid", "10001"));
    command.addAll(List.of("--ro-bind", image.root().toString(), "/"));
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--clearenv"));
  }

  /** With a volume at {@code /kms} and the environment of the image. */
  static Container of(Image image, Path volume) {
    return new Container(image).bind(volume, "/kms").imageEnvironment();
  }

  /** With no variable at all; where a command lies must be said then. */
  static Container bare(Image image, Path volume) {
    return new Container(image).bind(volume, "/kms");
  }

  /** With that machine's agent at its place, and its simulated roots in {@code /etc/kms}. */
  Container on(Host host) {
    command.addAll(List.of("--ro-bind", host.roots().toString(), "/etc/kms"));
    command.addAll(List.of("--tmpfs", "/var/run"));
    return bind(host.folder.resolve("agent.sock"), "/var/run/dstack.sock");
  }

  Container with(Map<String, String> variables) {
    variables.forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
    return this;
  }

  /** Runs a command to its end. */
  Program run(String... arguments) {
    return Program.run(line(arguments));
  }

  /** Starts a command that runs until it is stopped. */
  Background start(String... arguments) {
    return new Background(line(arguments), Map.of());
  }

  /** The program inside, as this machine sees it. */
  static ProcessHandle inside(Background container) {
    return ProcessHandle.of(container.pid())
        .orElseThrow()
        .descendants()
        .filter(each -> each.descendants().findAny().isEmpty())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no process:\n" + container.output()));
  }

  private Container bind(Path outside, String inside) {
    command.addAll(List.of("--bind", outside.toString(), inside));
    return this;
  }

  private Container imageEnvironment() {
    image
        .config()
        .get("config")
        .get("Env")
        .forEach(
            each -> {
              String[] parts = each.stringValue().split("=", 2);
              command.addAll(List.of("--setenv", parts[0], parts[1]));
            });
    return this;
  }

  private List<String> line(String... arguments) {
    List<String> line = new ArrayList<>(command);
    line.add("--");
    line.addAll(List.of(arguments));
    return line;
  }
}
