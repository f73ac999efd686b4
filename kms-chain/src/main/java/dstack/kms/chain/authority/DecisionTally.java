package dstack.kms.chain.authority;

import dstack.kms.core.authority.Decision;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many decisions ended how. */
final class DecisionTally {
  private final LongAdder allowed = new LongAdder();
  private final LongAdder denied = new LongAdder();
  private final LongAdder undecided = new LongAdder();

  Decision count(Decision decision) {
    switch (decision) {
      case Decision.Allowed _ -> allowed.increment();
      case Decision.Denied _ -> denied.increment();
      case Decision.Undecided _ -> undecided.increment();
    }
    return decision;
  }

  Map<String, Long> counts() {
    return Map.of("allowed", allowed.sum(), "denied", denied.sum(), "undecided", undecided.sum());
  }
}
