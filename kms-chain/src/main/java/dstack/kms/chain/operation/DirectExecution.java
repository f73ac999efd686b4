package dstack.kms.chain.operation;

import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Expectation;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.governance.FactState;
import dstack.kms.chain.governance.Plan;
import dstack.kms.chain.governance.PlannedTask;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
import dstack.kms.chain.transaction.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries a plan out by one transaction for each call (model A). Several transactions are not one:
 * each takes effect by itself, and what was done is reported as it is done.
 */
public final class DirectExecution {
  private final Endpoint endpoint;
  private final Sender sender;
  private final Retry retry;
  private final Optional<Resumption> resumption;

  /**
   * A transaction that was sent by an earlier run.
   *
   * @param speedUp whether it is sent again for higher fees
   */
  public record Resumption(Word hash, boolean speedUp) {}

  /** Sends with that sender; the first call is taken for the one that is resumed, if any. */
  public DirectExecution(
      Endpoint endpoint, Sender sender, Retry retry, Optional<Resumption> resumption) {
    this.endpoint = endpoint;
    this.sender = sender;
    this.retry = retry;
    this.resumption = resumption;
  }

  /** Does what is pending, in order; refused at the first that does not take effect. */
  public List<DoneTask> run(Plan plan, Consumer<DoneTask> done) {
    List<DoneTask> all = new ArrayList<>();
    Optional<Resumption> waiting = resumption;
    for (PlannedTask planned : plan.pending()) {
      DoneTask each = run(planned, waiting);
      waiting = Optional.empty();
      done.accept(each);
      all.add(each);
    }
    return List.copyOf(all);
  }

  private DoneTask run(PlannedTask planned, Optional<Resumption> first) {
    Optional<Resumption> waiting = first;
    List<Receipt> receipts = new ArrayList<>();
    for (Call call : planned.task().calls()) {
      Request request = Request.of(call);
      receipts.add(
          waiting.isPresent()
              ? sender.resume(waiting.get().hash(), request, waiting.get().speedUp())
              : sender.send(request));
      waiting = Optional.empty();
    }
    return new DoneTask(planned, receipts, after(planned, receipts.getLast()));
  }

  /** Reads at the receipt's block, so that a lagging endpoint cannot answer with the past. */
  private List<FactState> after(PlannedTask planned, Receipt receipt) {
    FactReader reader = FactReader.at(endpoint, receipt.block());
    List<FactState> states = new ArrayList<>();
    for (Expectation expectation : planned.task().expectations()) {
      FactState state =
          retry
              .first(() -> Optional.of(new FactState(expectation, reader.read(expectation.fact()))))
              .orElseThrow();
      if (!state.holds()) {
        throw OperationRefusal.STATE.because(
            "the transaction "
                + receipt.hash()
                + " was made, but the state is not as wanted: "
                + state.words());
      }
      states.add(state);
    }
    return states;
  }
}
