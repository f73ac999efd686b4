package dstack.kms.cli.gov.option;

import dstack.kms.chain.endpoint.Endpoint;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of every command that changes something and can answer a program. */
public final class WriteOptions {
  @Mixin private final TransactionOptions transactions;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** Looks at these variables, and asks at this terminal. */
  public WriteOptions(Map<String, String> variables, Terminal terminal) {
    transactions = new TransactionOptions(variables, terminal);
  }

  /** Whether a program reads the answer. */
  public boolean isJson() {
    return json;
  }

  /** Where and by whom. */
  public TransactionOptions transactions() {
    return transactions;
  }

  /** How far to go. */
  public SendOptions sending() {
    return transactions.sending();
  }

  /**
   * Where people read: with {@code --json} the error stream, as the answer stream is a program's.
   */
  public PrintWriter people(CommandSpec spec) {
    return json ? spec.commandLine().getErr() : spec.commandLine().getOut();
  }

  /**
   * What the action makes of the endpoint and of the account that sends.
   *
   * @param action gets a sender, except in a dry run without a key
   */
  public int run(CommandSpec spec, BiFunction<Endpoint, Actor, Integer> action) {
    return transactions.connect(
        spec, endpoint -> transactions.act(spec, endpoint, actor -> action.apply(endpoint, actor)));
  }
}
