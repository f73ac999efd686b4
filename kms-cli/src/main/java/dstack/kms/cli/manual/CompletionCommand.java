package dstack.kms.cli.manual;

import dstack.kms.cli.outcome.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a completion script. */
@Command(
    name = "completion",
    description = {
      "Prints a script that completes this program's words in a shell.",
      "For this session: source <(kms completion bash)"
    })
public final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell;

  /** A shell that can be taught. */
  enum Shell {
    bash,
    zsh
  }

  @Override
  public Integer call() {
    CommandLine program = spec.root().commandLine();
    String script =
        switch (shell) {
          case bash -> Completion.bash(program);
          case zsh -> Completion.zsh(program);
        };
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
    return ExitStatus.DONE.number();
  }
}
