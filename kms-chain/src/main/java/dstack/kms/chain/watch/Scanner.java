package dstack.kms.chain.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the events of contracts from where a state ends.
 *
 * <p>A range counts only if the chain is the same before and after its events were asked for. Where
 * the chain has replaced blocks that were read before, it goes back to the last that still stand.
 */
public final class Scanner {
  private static final Comparator<ChainEvent> ORDER =
      Comparator.comparingLong(ChainEvent::block).thenComparingLong(ChainEvent::index);

  private final Endpoint endpoint;
  private final int confirmations;
  private final int range;

  /**
   * A scanner.
   *
   * @param confirmations how many blocks must follow the last one that is read; 0 reads to the head
   * @param range how many blocks are asked for at once, at most
   */
  public Scanner(Endpoint endpoint, int confirmations, int range) {
    this.endpoint = endpoint;
    this.confirmations = confirmations;
    this.range = range;
  }

  /** One more range, or nothing if there is none yet. Refused as a whole when anything fails. */
  public Scan scan(WatchState before) {
    requireChain(before);
    WatchState state = standing(before);
    OptionalLong replaced =
        state.visited().size() == before.visited().size()
            ? OptionalLong.empty()
            : OptionalLong.of(state.next());
    long head = endpoint.head();
    long last = Math.min(state.next() + range - 1, head - confirmations);
    return last < state.next()
        ? new Scan(state, List.of(), replaced, head)
        : scan(state, last, replaced, head);
  }

  private Scan scan(WatchState state, long last, OptionalLong replaced, long head) {
    BlockHeader end = header(last).orElseThrow(() -> missing(last));
    WatchState found = state;
    List<ChainEvent> events = new ArrayList<>();
    Set<Address> asked = new HashSet<>();
    while (!asked.containsAll(found.contracts())) {
      Set<Address> fresh = new LinkedHashSet<>(found.contracts());
      fresh.removeAll(asked);
      List<ChainEvent> more = endpoint.ask(EventQuery.of(fresh, state.next(), last));
      events.addAll(more);
      asked.addAll(fresh);
      found = found.with(applications(more));
    }
    requireSame(end, events);
    return new Scan(
        found.after(new WatchState.Mark(last, end.hash())),
        events.stream().sorted(ORDER).map(EventReading::of).toList(),
        replaced,
        head);
  }

  /** Applications that a KMS among the followed contracts registers. */
  private static Set<Address> applications(List<ChainEvent> events) {
    Set<Address> found = new LinkedHashSet<>();
    for (ChainEvent event : events) {
      EventReading reading = EventReading.of(event);
      if (reading.name().equals("AppRegistered")) {
        found.add(((AbiValue.Account) reading.values().getFirst()).value());
      }
    }
    return found;
  }

  private WatchState standing(WatchState state) {
    WatchState standing = state;
    while (!standing.visited().isEmpty() && !stands(standing.visited().getLast())) {
      standing = standing.withoutLast();
    }
    return standing;
  }

  private boolean stands(WatchState.Mark mark) {
    return header(mark.block()).filter(header -> header.hash().equals(mark.hash())).isPresent();
  }

  private void requireSame(BlockHeader end, List<ChainEvent> events) {
    boolean stable = header(end.number()).filter(now -> now.hash().equals(end.hash())).isPresent();
    boolean fitting =
        events.stream()
            .filter(event -> event.block() == end.number())
            .allMatch(event -> event.blockHash().equals(end.hash()));
    if (!stable || !fitting) {
      throw WatchRefusal.EVENTS.because("the chain changed while its events were read");
    }
  }

  private void requireChain(WatchState state) {
    long chain = endpoint.chainId();
    if (chain != state.chainId()) {
      throw WatchRefusal.STATE.because(
          "the state is of chain " + state.chainId() + ", and the endpoint serves " + chain);
    }
  }

  private Optional<BlockHeader> header(long number) {
    return endpoint.ask(Eth.block(number));
  }

  private static RefusalException missing(long number) {
    return WatchRefusal.EVENTS.because("the endpoint has no block " + number + " yet");
  }
}
