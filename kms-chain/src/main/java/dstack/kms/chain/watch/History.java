package dstack.kms.chain.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Everything that happened to contracts up to the head.
 *
 * @param readings in the chain's order
 * @param contracts those that were asked about and the applications that joined them
 * @param last the newest block that was read
 */
public record History(List<EventReading> readings, Set<Address> contracts, long last) {
  /** Blocks that are asked for at once; what most public endpoints take. */
  public static final int RANGE = 2_000;

  /** Keeps copies. */
  public History {
    readings = List.copyOf(readings);
    contracts = Set.copyOf(contracts);
  }

  /** Reads from a block on; what was read so far is reported range by range. */
  public static History read(
      Endpoint endpoint, Set<Address> contracts, long first, Consumer<WatchState> progress) {
    Scanner scanner = new Scanner(endpoint, 0, RANGE);
    WatchState state = WatchState.from(endpoint.chainId(), contracts, first);
    long head = endpoint.head();
    List<EventReading> readings = new ArrayList<>();
    while (state.next() <= head) {
      Scan scan = scanner.scan(state);
      scan.replacedFrom()
          .ifPresent(from -> readings.removeIf(reading -> reading.event().block() >= from));
      readings.addAll(scan.readings());
      state = scan.state();
      progress.accept(state);
    }
    return new History(readings, state.contracts(), state.next() - 1);
  }
}
