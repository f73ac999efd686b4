package dstack.kms.cli.gov.anchor;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.anchor.AnchorReader;
import dstack.kms.chain.anchor.AnchorRefusal;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.gov.option.WordText;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.refusal.RefusalException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads an anchor back; its head is what {@code kms audit verify --head} takes. */
@Command(
    name = "anchor-verify",
    description = "Reads an anchor from the chain and prints its SEQ:HASH, time and maker.")
public final class AnchorVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;

  @Parameters(
      paramLabel = "TRANSACTION",
      converter = WordText.class,
      description = "The hash of the transaction.")
  private Word transaction;

  @Option(
      names = "--by",
      required = true,
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "Who must have made it: everybody can send a transaction with any head.")
  private Address by;

  @Option(
      names = "--head",
      paramLabel = "SEQ:HASH",
      converter = HeadArgument.class,
      description = "Which head it must anchor.")
  private @Nullable AuditHead head;

  /** A command over these variables. */
  public AnchorVerifyCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
  }

  @Override
  public Integer call() {
    AnchorReader.Found found =
        chain.connect(spec, endpoint -> new AnchorReader(endpoint).read(transaction));
    AuditHead anchored = found.anchor().head();
    if (!found.by().equals(by) || (head != null && !head.equals(anchored))) {
      throw new RefusalException(
          AnchorRefusal.OTHER,
          "the transaction anchors "
              + anchored.sequence()
              + ":"
              + anchored.hash()
              + " and was made by "
              + found.by());
    }
    spec.commandLine()
        .getOut()
        .println(
            anchored.sequence()
                + ":"
                + anchored.hash()
                + " at "
                + found.at()
                + ", "
                + found.confirmations()
                + " blocks deep");
    return ExitStatus.DONE.number();
  }
}
