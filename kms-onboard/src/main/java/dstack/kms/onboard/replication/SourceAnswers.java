package dstack.kms.onboard.replication;

import dstack.kms.core.refusal.RefusalException;
import java.util.List;

/** Tells by a source's words why it refuses. They decide nothing but whether it is asked again. */
final class SourceAnswers {
  /** What sources of every version say while their view of the chain is not there (guide §10). */
  private static final List<String> NOT_READY =
      List.of(
          "missing revert data",
          "failed to call",
          "Failed to call self KMS auth check",
          "error sending request");

  private static final String DENIED = "Boot denied";

  private SourceAnswers() {}

  /** The refusal behind an answer that says no. */
  static RefusalException refusal(RefusalException answer) {
    String said = Said.shown(answer.text());
    if (NOT_READY.stream().anyMatch(said::contains)) {
      return new RefusalException(
          ReplicationRefusal.SOURCE_NOT_READY, "the source is not ready: " + said);
    }
    if (said.contains(DENIED)) {
      return new RefusalException(
          ReplicationRefusal.DENIED_BY_SOURCE, "the source denies this machine: " + said);
    }
    return new RefusalException(
        ReplicationRefusal.REFUSED_BY_SOURCE, "the source refuses: " + said);
  }
}
