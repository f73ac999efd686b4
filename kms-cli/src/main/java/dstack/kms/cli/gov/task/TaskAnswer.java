package dstack.kms.cli.gov.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.FactState;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.PlannedTask;
import dstack.kms.chain.operation.DoneTask;
import dstack.kms.chain.transaction.Receipt;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer of a change for programs. */
@JsonPropertyOrder({
  "chain_id",
  "account",
  "sent",
  "changes",
  "transactions",
  "max_cost_wei",
  "results"
})
public record TaskAnswer(
    @JsonProperty("chain_id") long chainId,
    String account,
    boolean sent,
    List<Change> changes,
    List<Transaction> transactions,
    @JsonProperty("max_cost_wei") @JsonInclude(JsonInclude.Include.NON_EMPTY) String most,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> results) {
  /** Something else that a command says. */
  public record Named(String name, String value) {}

  /** One task and whether there was anything to do. */
  @JsonPropertyOrder({"title", "already_done", "calls", "before", "after", "warnings"})
  public record Change(
      String title,
      @JsonProperty("already_done") boolean alreadyDone,
      List<CallText> calls,
      List<State> before,
      List<State> after,
      List<String> warnings) {}

  /** A call as a wallet would send it. */
  @JsonPropertyOrder({"to", "value", "data"})
  public record CallText(String to, String value, String data) {}

  /** A fact of a contract. */
  @JsonPropertyOrder({"contract", "fact", "value", "wanted"})
  public record State(String contract, String fact, String value, String wanted) {
    static State of(FactState state) {
      return new State(
          state.expectation().fact().contract().checksummed(),
          state.expectation().fact().label(),
          state.now().words(),
          state.expectation().wanted().words());
    }
  }

  /** A confirmed transaction. */
  @JsonPropertyOrder({"hash", "block", "gas_used", "cost_wei"})
  public record Transaction(
      String hash,
      long block,
      @JsonProperty("gas_used") long gasUsed,
      @JsonProperty("cost_wei") String cost) {
    static Transaction of(Receipt receipt) {
      return new Transaction(
          receipt.hash().text(), receipt.block(), receipt.gasUsed(), receipt.cost().toString());
    }
  }

  static TaskAnswer of(Endpoint endpoint, Plan plan, List<DoneTask> done, List<Named> results) {
    Map<String, String> named = new LinkedHashMap<>();
    results.forEach(each -> named.put(each.name(), each.value()));
    return new TaskAnswer(
        endpoint.chainId(),
        plan.route().actor().checksummed(),
        !done.isEmpty(),
        plan.tasks().stream().map(planned -> change(planned, done)).toList(),
        done.stream().flatMap(each -> each.receipts().stream()).map(Transaction::of).toList(),
        "",
        named);
  }

  /** Of a proposal, whose changes take effect later, if ever. */
  static TaskAnswer proposed(
      Endpoint endpoint, Plan plan, Optional<Receipt> sent, List<Named> results) {
    TaskAnswer answer = of(endpoint, plan, List.of(), results);
    return new TaskAnswer(
        answer.chainId(),
        answer.account(),
        sent.isPresent(),
        answer.changes(),
        sent.stream().map(Transaction::of).toList(),
        "",
        answer.results());
  }

  /** The same with what all its transactions might have cost at most, as it was agreed to. */
  TaskAnswer withMost(BigInteger wei) {
    return new TaskAnswer(chainId, account, sent, changes, transactions, wei.toString(), results);
  }

  private static Change change(PlannedTask planned, List<DoneTask> done) {
    return new Change(
        planned.task().title(),
        planned.isDone(),
        planned.task().calls().stream()
            .map(
                call ->
                    new CallText(
                        call.target().checksummed(),
                        call.value().toString(),
                        "0x" + call.data().hex()))
            .toList(),
        planned.before().stream().map(State::of).toList(),
        done.stream()
            .filter(each -> each.planned().equals(planned))
            .flatMap(each -> each.after().stream())
            .map(State::of)
            .toList(),
        planned.task().warnings());
  }
}
