package dstack.kms.onboard.preflight;

import dstack.kms.core.bootinfo.BootInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Every check in order.
 *
 * @param at when it was made
 * @param checks in the order in which they were made
 * @param self this machine, if its evidence verified
 */
public record PreflightReport(Instant at, List<CheckResult> checks, Optional<BootInfo> self) {
  public PreflightReport {
    checks = List.copyOf(checks);
  }

  /** What an authority has to know about this machine. */
  public Optional<MachineFacts> facts() {
    return self.map(MachineFacts::of);
  }

  /** Whether nothing stands in the way. */
  public boolean isReady() {
    return checks.stream().noneMatch(CheckResult::isBad);
  }
}
