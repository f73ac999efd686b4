package dstack.kms.cli.gov.anchor;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.anchor.AuditAnchor;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.gov.option.TransactionOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.audit.AuditHead;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts the head of an audit log on the chain. */
@Command(
    name = "anchor",
    description =
        "Anchors what kms audit head prints: a transaction without money that carries SEQ:HASH.")
public final class AnchorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final TransactionOptions transactions;

  @Parameters(
      paramLabel = "SEQ:HASH",
      converter = HeadArgument.class,
      description = "The head of the log.")
  private AuditHead head;

  @Option(
      names = "--to",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "An account without code; by default the sender itself.")
  private @Nullable Address to;

  /** A command over these variables that asks at this terminal. */
  public AnchorCommand(Map<String, String> variables, Terminal terminal) {
    transactions = new TransactionOptions(variables, terminal);
  }

  @Override
  public Integer call() {
    Optional<Receipt> made =
        transactions.connect(
            spec,
            endpoint ->
                transactions.make(
                    spec, endpoint, account -> checked(endpoint, account), this::anchor));
    made.ifPresent(
        receipt ->
            spec.commandLine()
                .getOut()
                .println("anchored by " + receipt.hash() + " in block " + receipt.block()));
    return ExitStatus.DONE.number();
  }

  private Call checked(Endpoint endpoint, Address account) {
    Call call = anchor(account);
    if (!endpoint.code(call.target()).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "there is a contract at " + call.target() + ": an anchor calls nothing");
    }
    return call;
  }

  private Call anchor(Address account) {
    return new AuditAnchor(head).call(to == null ? account : to);
  }
}
