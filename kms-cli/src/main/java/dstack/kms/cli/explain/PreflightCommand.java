package dstack.kms.cli.explain;

import dstack.kms.chain.explain.Shortfall;
import dstack.kms.cli.config.ConfigOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.cli.outcome.OneLine;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.node.NodeContext;
import dstack.kms.onboard.node.OutsideView;
import dstack.kms.onboard.preflight.Advice;
import dstack.kms.onboard.preflight.CheckResult;
import dstack.kms.onboard.preflight.PreflightReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at what stands between this machine and its keys. */
@Command(
    name = "preflight",
    description = {
      "Says what stands between this machine and its keys, and what it lacks on chain.",
      "Goes through all that Bootstrap needs: evidence, authority, clock, disk. With each rule of"
          + " the",
      "contract that fails comes the command that would allow it.",
      "Changes nothing. Ends with 0 if nothing stands in the way, with 1 if something does."
    })
public final class PreflightCommand implements Callable<Integer> {
  private final Map<String, String> variables;
  private final NodeContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that also sees these variables. */
  public PreflightCommand(Map<String, String> variables, NodeContext context) {
    this.variables = Map.copyOf(variables);
    this.context = context;
  }

  @Override
  public Integer call() {
    KmsConfig config = KmsConfig.load(options.sources(variables));
    try (OutsideView view = OutsideView.of(config, context)) {
      PreflightReport report = view.preflight().look();
      List<Shortfall> missing = report.isReady() ? List.of() : missing(config, report.self());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(JsonText.of(PreflightAnswer.of(report, missing)));
      } else {
        report.checks().forEach(check -> print(check, missing.isEmpty(), out));
        ShortfallLines.print(missing, out);
      }
      return (report.isReady() ? ExitStatus.DONE : ExitStatus.REFUSED).number();
    }
  }

  /** The chain may be what does not answer; the report has said so then. */
  private static List<Shortfall> missing(KmsConfig config, Optional<BootInfo> self) {
    try {
      return self.map(new Shortfalls(config.authority())::ofKms).orElse(List.of());
    } catch (RefusalException e) {
      return List.of();
    }
  }

  private static void print(CheckResult check, boolean advise, PrintWriter out) {
    String mark =
        switch (check.state()) {
          case GOOD -> "  ok      ";
          case BAD -> "  NO      ";
          case LEFT_OUT -> "  -       ";
        };
    out.println(mark + check.question() + " " + OneLine.of(check.says()));
    Advice advice = check.advice();
    if (advise && !advice.text().isEmpty()) {
      out.println("          " + advice.text());
    }
    if (advise && !advice.command().isEmpty()) {
      out.println("          " + advice.command());
    }
  }
}
