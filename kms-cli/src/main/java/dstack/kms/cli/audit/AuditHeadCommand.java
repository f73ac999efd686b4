package dstack.kms.cli.audit;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.audit.AuditReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the last line's number and hash, after the whole log was verified. */
@Command(
    name = "head",
    description = "Verifies an audit log and prints what may be anchored of it: SEQ:HASH.")
public final class AuditHeadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AuditExpectations expectations;

  @Parameters(paramLabel = "DIR", description = "The directory of the log.")
  private Path directory;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    AuditReport report = expectations.verification().verify(directory);
    String answer =
        json
            ? JsonText.of(AuditAnswer.of(report))
            : report.head().sequence() + ":" + report.head().hash().hex();
    spec.commandLine().getOut().println(answer);
    return ExitStatus.DONE.number();
  }
}
