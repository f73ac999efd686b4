package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.operation.DirectExecution.Resumption;
import dstack.kms.chain.signing.TransactionSigner;
import dstack.kms.chain.transaction.Pause;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
import dstack.kms.chain.transaction.Sender;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** On which chain, with whose key, and how far: the options of every command that sends. */
public final class TransactionOptions {
  @Mixin private final ChainOptions chain;
  @Mixin private final KeyOptions keys;
  @Mixin private final SendOptions sending;

  /** Looks at these variables, and asks at this terminal. */
  public TransactionOptions(Map<String, String> variables, Terminal terminal) {
    chain = new ChainOptions(variables);
    keys = new KeyOptions(variables, terminal);
    sending = new SendOptions(terminal);
  }

  /** Whose key it is. */
  public KeyOptions keys() {
    return keys;
  }

  /** How far to go. */
  public SendOptions sending() {
    return sending;
  }

  /** What the action makes of the endpoint; the connection is closed afterwards. */
  public <T> T connect(CommandSpec spec, Function<Endpoint, T> action) {
    return chain.connect(spec, action);
  }

  /**
   * What the action makes of the account that sends.
   *
   * @param action gets a sender, except in a dry run without a key
   */
  public <T> T act(CommandSpec spec, Endpoint endpoint, Function<Actor, T> action) {
    if (sending.isDryRun() && !keys.isGiven()) {
      return action.apply(new Actor(assumed(spec), Optional.empty()));
    }
    try (TransactionSigner signer = keys.open(spec)) {
      Sender sender = sender(spec, endpoint, signer);
      return action.apply(new Actor(signer.account(), Optional.of(sender)));
    }
  }

  /**
   * One call, made by the account that sends; empty in a dry run.
   *
   * @param checked the call, refused unless that account may make it now; not asked of a
   *     transaction that an earlier run sent, as that one changes what is asked about
   * @param plain the same call without a question to the chain's state
   */
  public Optional<Receipt> make(
      CommandSpec spec,
      Endpoint endpoint,
      Function<Address, Call> checked,
      Function<Address, Call> plain) {
    return act(
        spec,
        endpoint,
        actor -> {
          Optional<Resumption> earlier = sending.resumption(spec);
          if (earlier.isPresent() && !sending.isDryRun()) {
            Request request = Request.of(plain.apply(actor.account()));
            return Optional.of(
                actor
                    .sender()
                    .orElseThrow()
                    .resume(earlier.get().hash(), request, earlier.get().speedUp()));
          }
          Request request = Request.of(checked.apply(actor.account()));
          if (sending.isDryRun()) {
            spec.commandLine().getOut().println(SendOptions.NOTHING_SENT);
            return Optional.empty();
          }
          Sender sender = actor.sender().orElseThrow();
          sending.requireConsent(spec, "Send", sender, List.of(request));
          return Optional.of(sender.send(request));
        });
  }

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
        },
        sending.budget(spec));
  }

  private Address assumed(CommandSpec spec) {
    return keys.from()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "a dry run without a key needs --from: who would send it"));
  }
}
