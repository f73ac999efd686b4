package dstack.kms.cli.gov.read;

import dstack.kms.attest.json.StrictJson;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.input.InputRefusal;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
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

  /** A file that no guest would start from is a mistake, and its hash must not be registered. */
  @Override
  public Integer call() {
    try {
      var _ = StrictJson.object(file.text(), InputRefusal.MALFORMED);
    } catch (RefusalException e) {
      throw e.within(file.name() + " is no app-compose.json, so there is no hash");
    }
    spec.commandLine().getOut().println("0x" + Digests.sha256(file.content()));
    return ExitStatus.DONE.number();
  }
}
