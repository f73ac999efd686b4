package dstack.kms.chain.watch;

import java.util.List;
import java.util.OptionalLong;

/**
 * What one look at the chain brought.
 *
 * @param state how far it came
 * @param readings the events, in the chain's order
 * @param replacedFrom the first block that the chain has replaced since the last look, if any:
 *     events from there on are reported again as far as they still are
 * @param head the newest block that the endpoint has
 */
public record Scan(
    WatchState state, List<EventReading> readings, OptionalLong replacedFrom, long head) {
  /** Keeps a copy. */
  public Scan {
    readings = List.copyOf(readings);
  }
}
