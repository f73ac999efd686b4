package dstack.kms.chain.proposal;

import java.util.Locale;
import java.util.stream.Stream;

/** What the Safe is to do with the calls of a proposal. */
public enum SafeStep {
  /** Schedule them at the timelock. */
  SCHEDULE,
  /** Execute them at the timelock. */
  EXECUTE,
  /** Cancel them at the timelock. */
  CANCEL,
  /** Make them itself, at once. */
  CALL;

  /** As files and commands write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static SafeStep of(String word) {
    return Stream.of(values())
        .filter(step -> step.word().equals(word))
        .findFirst()
        .orElseThrow(
            () -> ProposalRefusal.FILE.because("a step is schedule, execute, cancel or call"));
  }
}
