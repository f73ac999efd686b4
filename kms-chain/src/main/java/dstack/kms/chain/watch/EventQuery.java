package dstack.kms.chain.watch;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.rpc.RpcQuery;
import dstack.kms.chain.rpc.RpcValue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Asks for the events of contracts in a range of blocks. */
final class EventQuery {
  private EventQuery() {}

  /** All events of these contracts from the first to the last block, both included. */
  static RpcQuery<List<ChainEvent>> of(Collection<Address> contracts, long first, long last) {
    Map<String, Object> filter = new LinkedHashMap<>();
    filter.put("fromBlock", "0x" + Long.toHexString(first));
    filter.put("toBlock", "0x" + Long.toHexString(last));
    filter.put("address", contracts.stream().map(Address::lowerCase).toList());
    Set<Address> asked = Set.copyOf(contracts);
    return new RpcQuery<>(
        "eth_getLogs",
        List.of(filter),
        result ->
            RpcValue.list(result, EventQuery::event).stream()
                .map(event -> within(event, asked, first, last))
                .toList());
  }

  private static ChainEvent event(JsonNode log) {
    if (log.path("removed").asBoolean(false)) {
      throw RpcValue.wrong("events that are part of the chain");
    }
    return new ChainEvent(
        RpcValue.number(RpcValue.member(log, "blockNumber")),
        RpcValue.word(RpcValue.member(log, "blockHash")),
        RpcValue.word(RpcValue.member(log, "transactionHash")),
        RpcValue.number(RpcValue.member(log, "logIndex")),
        new Address(RpcValue.data(RpcValue.member(log, "address"))),
        RpcValue.list(RpcValue.member(log, "topics"), RpcValue::word),
        RpcValue.data(RpcValue.member(log, "data")));
  }

  private static ChainEvent within(
      ChainEvent event, Set<Address> contracts, long first, long last) {
    boolean asked =
        contracts.contains(event.contract()) && event.block() >= first && event.block() <= last;
    if (!asked) {
      throw WatchRefusal.EVENTS.because("the endpoint sent an event that was not asked for");
    }
    return event;
  }
}
