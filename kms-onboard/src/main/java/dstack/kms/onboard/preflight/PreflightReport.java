package dstack.kms.onboard.preflight;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Every check in order.
 *
 * @param at when it was made
 * @param checks in the order in which they were made
 * @param facts about this machine, if its evidence verified
 */
public record PreflightReport(Instant at, List<CheckResult> checks, Optional<MachineFacts> facts) {
  public PreflightReport {
    checks = List.copyOf(checks);
  }

  /** Whether nothing stands in the way. */
  public boolean isReady() {
    return checks.stream().noneMatch(CheckResult::isBad);
  }
}
