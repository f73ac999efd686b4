package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalFile;
import dstack.kms.cli.input.InputFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

  /** Writes a proposal so that the file is never half written. */
  static void write(Path path, Proposal proposal) {
    Path beside = path.resolveSibling(path.getFileName() + ".pending");
    try {
      Files.writeString(beside, ProposalFile.write(proposal));
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }
}
