package dstack.kms.chain.testing;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A transaction that went through.
 *
 * @param contract what it deployed
 * @param gasUsed as billed
 * @param logs in the order of emission
 */
public record Receipt(Optional<Address> contract, long gasUsed, List<Log> logs) {
  /**
   * One event.
   *
   * @param address the contract that emitted it
   * @param topics the first is the event's
   * @param data what is not indexed
   */
  public record Log(Address address, List<Word> topics, Bytes data) {}

  static Receipt of(JsonNode receipt) {
    if (!receipt.get("status").asString().equals("0x1")) {
      throw new AssertionError("failed although its rehearsal did not: " + receipt);
    }
    JsonNode contract = receipt.path("contractAddress");
    List<Log> logs = new ArrayList<>();
    receipt.get("logs").forEach(log -> logs.add(log(log)));
    return new Receipt(
        contract.isString() ? Optional.of(Address.parse(contract.asString())) : Optional.empty(),
        Long.decode(receipt.get("gasUsed").asString()),
        List.copyOf(logs));
  }

  private static Log log(JsonNode log) {
    List<Word> topics = new ArrayList<>();
    log.get("topics").forEach(topic -> topics.add(Word.parse(topic.asString())));
    return new Log(
        Address.parse(log.get("address").asString()),
        List.copyOf(topics),
        TestChain.bytes(log.get("data")));
  }
}
