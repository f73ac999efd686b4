package dstack.kms.cli.audit;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.audit.AuditReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies every line of a log: hashes, chain, signatures, and what is known of its end. */
@Command(name = "verify", description = "Finds any change, gap or missing end of an audit log.")
public final class AuditVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AuditExpectations expectations;

  @Parameters(paramLabel = "DIR", description = "The directory of the log.")
  private Path directory;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    AuditReport report = expectations.verification().verify(directory);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(AuditAnswer.of(report)));
    } else {
      print(report, out);
    }
    return ExitStatus.DONE.number();
  }

  private void print(AuditReport report, PrintWriter out) {
    out.println(
        "unchanged: lines "
            + report.first()
            + " to "
            + report.head().sequence()
            + " in "
            + report.files()
            + " files");
    out.println("head: " + report.head().sequence() + ":" + report.head().hash().hex());
    out.println(
        "key: "
            + report.key().key().subjectPublicKeyInfo().hex()
            + (expectations.hasKey()
                ? ""
                : " (as the log itself says; compare it, or give --key)"));
    out.println(
        report.checkpoint().isPresent()
            ? "checkpoint: line " + report.checkpoint().getAsLong()
            : "checkpoint: none; a missing end shows only against --head");
  }
}
