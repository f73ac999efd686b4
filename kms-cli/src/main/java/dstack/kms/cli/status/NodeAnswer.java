package dstack.kms.cli.status;

import dstack.kms.core.refusal.RefusalException;
import java.net.URI;
import java.time.Duration;

/** What came of asking one node. */
sealed interface NodeAnswer {
  /** Where the node's operations listener is. */
  URI address();

  /**
   * It answered.
   *
   * @param status what
   * @param ahead how far its clock is ahead of ours, give or take half the time of the question
   */
  record Answered(URI address, NodeStatus status, Duration ahead) implements NodeAnswer {}

  /** Nothing can be said about it. */
  record Silent(URI address, RefusalException why) implements NodeAnswer {}

  /** How a person calls the node: its host and port. */
  default String name() {
    return address().getAuthority();
  }
}
