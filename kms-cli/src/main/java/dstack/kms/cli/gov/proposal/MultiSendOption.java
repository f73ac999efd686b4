package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalFile;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.input.InputFile;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** For whose code at a strange address the reader of a proposal vouches. */
final class MultiSendOption {
  @Option(
      names = "--multi-send",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description =
          "Where MultiSendCallOnly lies, if the file names an address that is not canonical.")
  private @Nullable Address multiSend;

  /** The proposal in a file; refused if a Safe would run any other code as itself. */
  Proposal read(InputFile file) {
    try {
      return ProposalFile.read(file.text(), Optional.ofNullable(multiSend));
    } catch (RefusalException e) {
      throw e.within(file.name());
    }
  }
}
