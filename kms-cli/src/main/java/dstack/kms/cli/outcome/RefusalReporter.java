package dstack.kms.cli.outcome;

import dstack.kms.core.refusal.RefusalException;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Prints what a command threw and turns it into the exit status.
 *
 * <p>A refusal is one sentence on the error stream, or with {@code --json} one object {@code
 * {"error":"<chain text>","code":"<stable code>"}} on the answer stream. Anything else is a bug: it
 * gets one sentence as well, and its stack trace goes to the log.
 */
public final class RefusalReporter implements IExecutionExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(RefusalReporter.class);

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    if (thrown instanceof RefusalException refusal) {
      report(refusal, command, wantsJson(parsed));
      return ExitStatus.of(refusal.code().kind()).number();
    }
    log.debug("internal error", thrown);
    String text = "internal error: " + OneLine.of(thrown.toString());
    command.getErr().println("kms: " + text + " (KMS_LOG=debug shows more; please report it)");
    if (wantsJson(parsed)) {
      command.getOut().println(JsonText.of(new RefusalJson(text, "internal-error")));
    }
    return ExitStatus.REFUSED.number();
  }

  private static void report(RefusalException refusal, CommandLine command, boolean json) {
    if (json) {
      command.getOut().println(JsonText.of(new RefusalJson(refusal.text(), refusal.code().code())));
      return;
    }
    PrintWriter err = command.getErr();
    err.println("kms: " + OneLine.of(refusal.text()));
    if (!refusal.detail().isEmpty() && !refusal.text().contains(refusal.detail())) {
      err.println("  " + OneLine.of(refusal.detail()));
    }
  }

  private static boolean wantsJson(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--json");
  }
}
