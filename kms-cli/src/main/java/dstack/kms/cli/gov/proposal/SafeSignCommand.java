package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.chain.proposal.ProposalChecks;
import dstack.kms.chain.proposal.SafeGathering;
import dstack.kms.chain.proposal.SafePart;
import dstack.kms.chain.safe.SafeSignature;
import dstack.kms.chain.signing.KeySigner;
import dstack.kms.chain.signing.PublicKeys;
import dstack.kms.cli.gov.option.ChainOptions;
import dstack.kms.cli.gov.option.Consent;
import dstack.kms.cli.gov.option.KeyOptions;
import dstack.kms.cli.gov.option.Terminal;
import dstack.kms.cli.outcome.ExitStatus;
import java.io.PrintWriter;
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
import picocli.CommandLine.Spec;

/** Adds one owner's signature, after everything was read back and checked on the chain. */
@Command(
    name = "safe-sign",
    description = "Shows what a Safe's transaction does, checks it on the chain, and signs it.")
public final class SafeSignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChainOptions chain;
  @Mixin private ProposalArgument argument;
  @Mixin private final KeyOptions keys;
  @Mixin private final Consent consent;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where the signed copy goes; by default into FILE itself.")
  private @Nullable Path out;

  /** A command over these variables that asks at this terminal. */
  public SafeSignCommand(Map<String, String> variables, Terminal terminal) {
    chain = new ChainOptions(variables);
    keys = new KeyOptions(variables, terminal);
    consent = new Consent(terminal);
  }

  @Override
  public Integer call() {
    Proposal proposal = argument.proposal();
    chain.connect(spec, endpoint -> sign(endpoint, proposal));
    return ExitStatus.DONE.number();
  }

  private ExitStatus sign(Endpoint endpoint, Proposal proposal) {
    PrintWriter printer = spec.commandLine().getOut();
    ProposalLines.what(proposal, printer);
    new ProposalChecks(endpoint).requireStep(proposal);
    SafePart part = proposal.requireSafe();
    Word hash = ProposalLines.hash(proposal, part);
    // Verified before: whoever signs confirms those before him, too.
    new SafeGathering(endpoint).gathered(proposal);
    printer.flush();
    consent.require(
        spec,
        "Sign " + hash + "?",
        "nothing was signed",
        "run kms gov status on the file to only look");
    List<SafeSignature> signatures = new ArrayList<>(part.signatures());
    try (KeySigner key = keys.openKey(spec)) {
      PublicKeys.requirePrivate(key.account(), endpoint.chainId());
      signatures.add(new SafeSignature.Typed(key.signHash(hash)));
    }
    Proposal signed = proposal.with(part.with(signatures));
    SafeGathering.Gathered gathered = new SafeGathering(endpoint).gathered(signed);
    Path path = out == null ? argument.path() : out;
    ProposalFiles.write(path, signed);
    ProposalLines.signatures(gathered, printer);
    printer.println("written to " + path);
    return ExitStatus.DONE;
  }
}
