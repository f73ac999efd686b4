package dstack.kms.cli.verify;

import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.VerifiedQuote;
import dstack.kms.cli.input.InputFile;
import dstack.kms.cli.outcome.ExitStatus;
import dstack.kms.cli.outcome.JsonText;
import dstack.kms.core.bytes.Bytes;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies one raw SGX or TDX quote and prints what it proves. */
@Command(name = "quote", description = "Verifies an SGX or TDX quote.")
public final class VerifyQuoteCommand implements Callable<Integer> {
  private final InstantSource clock;

  @Spec private CommandSpec spec;
  @Mixin private VerificationOptions options;

  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.Converter.class,
      description = "The quote: binary, hexadecimal, or the JSON of a guest agent's GetQuote.")
  private InputFile file;

  @Option(names = "--json", description = "Answer with one JSON object.")
  private boolean json;

  /** A command that takes the time from that clock unless it is given. */
  public VerifyQuoteCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    QuoteAnswer answer = QuoteAnswer.of(verify(QuoteFile.rawQuote(file)));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.of(answer));
    } else {
      answer.print(out);
    }
    return ExitStatus.DONE.number();
  }

  private VerifiedQuote verify(Bytes quote) {
    InstantSource time = options.clock(clock);
    QuoteVerifier verifier = options.quoteVerifier();
    try (ChosenCollateral collateral = options.collateral(verifier, time)) {
      return verifier.verify(quote, collateral.forRawQuote(quote), time.instant());
    }
  }
}
