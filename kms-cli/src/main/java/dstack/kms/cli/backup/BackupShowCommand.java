package dstack.kms.cli.backup;

import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a share file says about its set; proves nothing. */
@Command(name = "show", description = "Prints the manifest in a share file; proves nothing.")
public final class BackupShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The share file.")
  private InputFile file;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    ManifestAnswer answer = ManifestAnswer.of(ShareArgument.share(file).manifest());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(answer));
    } else {
      answer.print(out);
    }
    return ExitStatus.DONE.number();
  }
}
