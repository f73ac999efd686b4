package dstack.kms.chain.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How far contracts were followed.
 *
 * @param chainId the chain
 * @param contracts who is followed; applications that a KMS registers join them
 * @param first the block from which on
 * @param visited ends of ranges that were read, the newest last, to find out when the chain has
 *     replaced them
 */
public record WatchState(long chainId, Set<Address> contracts, long first, List<Mark> visited) {
  /** More than any reorganisation is deep, in ranges. */
  static final int MARKS = 128;

  /** More applications than that are not followed by one watcher. */
  static final int MAX_CONTRACTS = 2_000;

  /** A block that was the last of a range. */
  public record Mark(long block, Word hash) {}

  /** Keeps copies. */
  public WatchState {
    contracts = Set.copyOf(contracts);
    visited = List.copyOf(visited);
    if (contracts.isEmpty() || contracts.size() > MAX_CONTRACTS || first < 0) {
      throw WatchRefusal.STATE.because(
          "1 to " + MAX_CONTRACTS + " contracts are followed, from block 0 or later");
    }
  }

  /** Nothing read yet. */
  public static WatchState from(long chainId, Set<Address> contracts, long first) {
    return new WatchState(chainId, contracts, first, List.of());
  }

  /** The block to go on with. */
  public long next() {
    return visited.isEmpty() ? first : visited.getLast().block() + 1;
  }

  WatchState after(Mark mark) {
    List<Mark> marks = new ArrayList<>(visited);
    marks.add(mark);
    int dropped = Math.max(0, marks.size() - MARKS);
    return new WatchState(chainId, contracts, first, marks.subList(dropped, marks.size()));
  }

  WatchState withoutLast() {
    return new WatchState(chainId, contracts, first, visited.subList(0, visited.size() - 1));
  }

  WatchState with(Set<Address> more) {
    Set<Address> all = new LinkedHashSet<>(contracts);
    for (Address each : more) {
      if (all.size() < MAX_CONTRACTS) {
        all.add(each);
      }
    }
    return new WatchState(chainId, all, first, visited);
  }
}
