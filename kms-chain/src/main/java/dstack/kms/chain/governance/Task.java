package dstack.kms.chain.governance;

import dstack.kms.chain.account.Call;
import java.util.List;

/**
 * One change: the calls that make it, and what is different afterwards.
 *
 * @param title for people, a clause without a full stop
 * @param calls in order, at least one; made by whoever owns the contract
 * @param expectations the facts it changes; if all hold already there is nothing to do. Empty of a
 *     task that makes something new each time
 * @param warnings what an operator should know, sentences
 */
public record Task(
    String title, List<Call> calls, List<Expectation> expectations, List<String> warnings) {
  /** Keeps copies. */
  public Task {
    calls = List.copyOf(calls);
    expectations = List.copyOf(expectations);
    warnings = List.copyOf(warnings);
    if (calls.isEmpty()) {
      throw new IllegalArgumentException("a task without a call");
    }
  }

  static Task of(String title, Call call, Expectation... expectations) {
    return new Task(title, List.of(call), List.of(expectations), List.of());
  }

  /** The same with one more warning. */
  Task warning(String warning) {
    List<String> more = new java.util.ArrayList<>(warnings);
    more.add(warning);
    return new Task(title, calls, expectations, more);
  }
}
