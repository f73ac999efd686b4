package dstack.kms.cli.explain;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.chain.explain.Shortfall;
import dstack.kms.onboard.preflight.CheckResult;
import dstack.kms.onboard.preflight.PreflightReport;
import java.util.List;
import java.util.Locale;

/**
 * What {@code kms preflight} answers to programs.
 *
 * @param ready whether nothing stands in the way
 * @param checks in the order in which they were made
 * @param missing every rule of the contract that this machine fails; empty where no chain is
 *     configured
 */
@JsonPropertyOrder({"ready", "checks", "missing"})
record PreflightAnswer(boolean ready, List<Check> checks, List<ExplainAnswer.Missing> missing) {
  /** One check. */
  @JsonPropertyOrder({"id", "state", "question", "says", "advice", "command"})
  record Check(
      String id, String state, String question, String says, String advice, String command) {
    static Check of(CheckResult result) {
      return new Check(
          result.id(),
          result.state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
          result.question(),
          result.says(),
          result.advice().text(),
          result.advice().command());
    }
  }

  static PreflightAnswer of(PreflightReport report, List<Shortfall> missing) {
    return new PreflightAnswer(
        report.isReady(),
        report.checks().stream().map(Check::of).toList(),
        missing.stream().map(ExplainAnswer.Missing::of).toList());
  }
}
