package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where proposals are kept. */
public final class ProposalFiles {
  private ProposalFiles() {}

  /** Writes a proposal so that the file is never half written. */
  public static void write(Path path, Proposal proposal) {
    Path beside = path.resolveSibling(path.getFileName() + ".pending");
    try {
      Files.writeString(beside, ProposalFile.write(proposal));
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }
}
