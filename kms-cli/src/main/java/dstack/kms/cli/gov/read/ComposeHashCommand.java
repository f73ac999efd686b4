package dstack.kms.cli.gov.read;

import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.bytes.Digests;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the compose hash of a file, exactly as it lies there. */
@Command(
    name = "compose-hash",
    description = "Prints the compose hash of an app-compose.json: the SHA-256 of its bytes.")
public final class ComposeHashCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The app-compose.json as it is deployed; a line end more is another hash.")
  private InputFile file;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println("0x" + Digests.sha256(file.content()));
    return ExitStatus.DONE.number();
  }
}
