package dstack.kms.cli.gov.anchor;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.anchor.AuditAnchor;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
import dstack.kms.chain.transaction.Sender;
import dstack.kms.cli.gov.proposal.AddressArgument;
import dstack.kms.cli.gov.proposal.ChainOption;
import dstack.kms.cli.gov.proposal.KeyOptions;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.audit.AuditHead;
import java.util.Map;
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
  @Mixin private ChainOption chain;
  @Mixin private final KeyOptions keys;

  @Parameters(
      paramLabel = "SEQ:HASH",
      converter = HeadArgument.class,
      description = "The head of the log.")
  private AuditHead head;

  @Option(
      names = "--to",
      paramLabel = "ADDR",
      converter = AddressArgument.class,
      description = "An account without code; by default the sender itself.")
  private @Nullable Address to;

  /** A command over these variables. */
  public AnchorCommand(Map<String, String> variables) {
    keys = new KeyOptions(variables);
  }

  @Override
  public Integer call() {
    Receipt receipt =
        chain.ask(endpoint -> keys.send(spec, endpoint, sender -> anchor(endpoint, sender)));
    spec.commandLine()
        .getOut()
        .println("anchored by " + receipt.hash() + " in block " + receipt.block());
    return ExitStatus.DONE.number();
  }

  private Receipt anchor(Endpoint endpoint, Sender sender) {
    Address target = to == null ? sender.account() : to;
    if (!endpoint.code(target).isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "there is a contract at " + target + ": an anchor calls nothing");
    }
    return sender.send(Request.of(new AuditAnchor(head).call(target)));
  }
}
