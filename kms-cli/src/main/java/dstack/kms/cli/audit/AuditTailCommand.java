package dstack.kms.cli.audit;

import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.audit.AuditLines;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the last lines of a log for people; it does not verify them. */
@Command(name = "tail", description = "Prints the last lines of an audit log, without verifying.")
public final class AuditTailCommand implements Callable<Integer> {
  private static final long MILLISECONDS_BETWEEN_LOOKS = 250;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The directory of the log.")
  private Path directory;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many; by default ${DEFAULT-VALUE}.")
  private int lines;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with the lines that come, until stopped.")
  private boolean follow;

  @Option(names = "--json", description = "Print the lines as they are.")
  private boolean json;

  @Override
  public Integer call() {
    AuditLines log = new AuditLines(directory);
    print(log.last(Math.max(0, lines)));
    CountDownLatch never = new CountDownLatch(1);
    try {
      while (follow && !never.await(MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
        print(log.more());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitStatus.DONE.number();
  }

  private void print(List<String> some) {
    PrintWriter out = spec.commandLine().getOut();
    some.stream().map(json ? PlainText::of : HumanLine::of).forEach(out::println);
    out.flush();
  }
}
