package dstack.kms.cli.manual;

import dstack.kms.cli.outcome.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes what a package of the program installs beside it. */
@Command(
    name = "manual",
    description = "Writes man pages and shell completion of every command into a folder.")
public final class ManualCommand implements Callable<Integer> {
  private final String version;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description =
          "Becomes DIR/man/man1, DIR/bash-completion/completions, DIR/zsh/site-functions.")
  private Path folder;

  /** Pages that name this version. */
  public ManualCommand(String version) {
    this.version = version;
  }

  @Override
  public Integer call() {
    CommandLine program = spec.root().commandLine();
    try {
      Path pages = Files.createDirectories(folder.resolve("man/man1"));
      write(pages, program);
      file("bash-completion/completions/kms", Completion.bash(program));
      file("zsh/site-functions/_kms", Completion.zsh(program));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExitStatus.DONE.number();
  }

  private void write(Path pages, CommandLine command) throws IOException {
    CommandSpec each = command.getCommandSpec();
    Files.writeString(pages.resolve(ManPage.name(each) + ".1"), new ManPage(each, version).text());
    for (CommandLine sub : ManPage.children(each)) {
      write(pages, sub);
    }
  }

  private void file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }
}
