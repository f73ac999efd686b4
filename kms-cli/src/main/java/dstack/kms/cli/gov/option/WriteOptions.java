package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.signing.TransactionSigner;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.chain.transaction.Sender;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of every command that changes something. */
public final class WriteOptions {
  @Mixin private final ChainOptions chain;
  @Mixin private final KeyOptions keys;
  @Mixin private final SendOptions sending;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** Looks at these variables, and asks at this terminal. */
  public WriteOptions(Map<String, String> variables, Terminal terminal) {
    chain = new ChainOptions(variables);
    keys = new KeyOptions(variables, terminal);
    sending = new SendOptions(terminal);
  }

  /** Whether a program reads the answer. */
  public boolean isJson() {
    return json;
  }

  /** How far to go. */
  public SendOptions sending() {
    return sending;
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
    return chain.connect(
        spec,
        endpoint -> {
          if (sending.isDryRun() && !keys.isGiven()) {
            return action.apply(endpoint, new Actor(assumed(spec), Optional.empty()));
          }
          try (TransactionSigner signer = keys.open(spec)) {
            Sender sender = sender(spec, endpoint, signer);
            return action.apply(endpoint, new Actor(signer.account(), Optional.of(sender)));
          }
        });
  }

  /**
   * Who acts.
   *
   * @param sender absent in a dry run without a key
   */
  public record Actor(Address account, Optional<Sender> sender) {}

  private Sender sender(CommandSpec spec, Endpoint endpoint, TransactionSigner signer) {
    PrintWriter err = spec.commandLine().getErr();
    return new Sender(
        endpoint,
        signer,
        sending.patience(spec),
        Pause.REAL,
        sent -> {
          err.println("Waiting for transaction " + sent.hash() + " to be confirmed...");
          err.flush();
        });
  }

  private Address assumed(CommandSpec spec) {
    return keys.from()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "a dry run without a key needs --from: who would send it"));
  }
}
