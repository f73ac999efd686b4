package dstack.kms.cli.explain;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.chain.explain.Shortfall;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/**
 * What {@code kms explain} answers to programs.
 *
 * @param allowed what the configured authority decided
 * @param reason its reason, empty if it allowed
 * @param missing every rule of the contract that fails; empty where no chain is configured
 */
@JsonPropertyOrder({"allowed", "reason", "missing"})
record ExplainAnswer(boolean allowed, String reason, List<Missing> missing) {
  /** One rule that fails. */
  @JsonPropertyOrder({"rule", "reason", "says", "command"})
  record Missing(String rule, String reason, String says, String command) {
    static Missing of(Shortfall each) {
      return new Missing(each.rule().id(), each.rule().reason(), each.says(), each.command());
    }
  }

  /**
   * @throws RefusalException if nothing was decided
   */
  static ExplainAnswer of(Decision decision, List<Shortfall> missing) {
    String reason =
        switch (decision) {
          case Decision.Allowed _ -> "";
          case Decision.Denied denied -> denied.reason();
          case Decision.Undecided(RefusalException why) -> throw why;
        };
    boolean allowed = decision instanceof Decision.Allowed;
    return new ExplainAnswer(allowed, reason, missing.stream().map(Missing::of).toList());
  }
}
