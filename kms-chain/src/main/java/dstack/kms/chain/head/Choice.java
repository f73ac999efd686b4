package dstack.kms.chain.head;

import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** What came out of looking at all endpoints. */
sealed interface Choice {
  /** The heights whose blocks endpoints should name at the next look. */
  List<Long> wanted();

  /** A view. */
  record Good(ChainView view, List<Long> wanted) implements Choice {}

  /** None, and why. */
  record None(RefusalException why, List<Long> wanted) implements Choice {}
}
