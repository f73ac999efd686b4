package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.SafeGathering;
import dstack.kms.chain.proposal.SafePart;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.core.bytes.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** Puts the signatures of several copies of one proposal, and of wallets, into one file. */
@Command(
    name = "safe-collect",
    description =
        "Merges signed copies of one proposal and signatures of wallets; each must be an owner's.")
public final class SafeCollectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;
  @Mixin private MultiSendOption multiSend;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The copies.")
  private List<InputFile> files;

  @Option(
      names = "--signature",
      paramLabel = "HEX",
      description = "A signature that a wallet gave: 65 bytes, v 27 or 28, 31 or 32, 1.")
  private List<String> given = new ArrayList<>();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where the result goes; by default into the first file.")
  private @Nullable Path out;

  /** A command over these variables. */
  public SafeCollectCommand(Map<String, String> variables) {
    chain = new ChainOptions(variables);
  }

  @Override
  public Integer call() {
    List<Proposal> copies = files.stream().map(multiSend::read).toList();
    Proposal merged = SafeGathering.merged(copies);
    SafePart part = merged.requireSafe();
    List<SafeSignature> signatures = new ArrayList<>(part.signatures());
    given.forEach(text -> signatures.add(SafeSignature.parse(bytes(text))));
    Proposal collected = merged.with(part.with(signatures.stream().distinct().toList()));
    Path path = out == null ? Path.of(files.getFirst().name()) : out;
    chain.connect(
        spec,
        endpoint -> {
          ProposalLines.what(collected, spec.commandLine().getOut());
          new ProposalChecks(endpoint).requireStep(collected);
          SafeGathering.Gathered gathered = new SafeGathering(endpoint).gathered(collected);
          ProposalFiles.write(path, collected);
          ProposalLines.signatures(gathered, spec.commandLine().getOut());
          return ExitStatus.DONE;
        });
    spec.commandLine().getOut().println("written to " + path);
    return ExitStatus.DONE.number();
  }

  private Bytes bytes(String text) {
    if (!text.matches("(?:0x)?(?:[0-9a-fA-F]{2})+")) {
      throw new ParameterException(spec.commandLine(), "--signature is hexadecimal digits");
    }
    return Bytes.fromHex(text.startsWith("0x") ? text.substring(2) : text);
  }
}
