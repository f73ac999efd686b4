package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.proposal.Proposal;
import dstack.kms.cli.input.InputFile;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The file of a proposal. */
final class ProposalArgument {
  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The proposal's file.")
  private InputFile file;

  @Mixin private MultiSendOption multiSend;

  Proposal proposal() {
    return multiSend.read(file);
  }

  Path path() {
    return Path.of(file.name());
  }
}
