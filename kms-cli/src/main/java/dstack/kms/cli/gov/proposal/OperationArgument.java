package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.proposal.Proposal;
import dstack.kms.cli.gov.option.AddressText;
import dstack.kms.cli.input.InputFile;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** An operation: the file of its proposal, or its id and the timelock that knows it. */
final class OperationArgument {
  @Parameters(
      paramLabel = "FILE|ID",
      description = "The proposal's file, or the operation's id: 64 hexadecimal digits.")
  private String text;

  @Option(
      names = "--timelock",
      paramLabel = "ADDR",
      converter = AddressText.class,
      description = "The timelock of an operation that is named by its id.")
  private @Nullable Address timelock;

  @Option(
      names = "--from-block",
      paramLabel = "BLOCK",
      description = {
        "With an id: look for its calls among the timelock's events from this block on; without it",
        "they are not known."
      })
  private @Nullable Long from;

  @Mixin private MultiSendOption multiSend;

  /** What the first makes of a proposal and its file, or the second of an operation. */
  <T> T choose(
      CommandSpec spec,
      BiFunction<Proposal, Path, T> filed,
      Function<ScheduledOperation, T> named) {
    boolean isId = text.matches("(?:0x)?[0-9a-fA-F]{64}");
    if (isId != (timelock != null) || (!isId && from != null)) {
      throw new ParameterException(
          spec.commandLine(),
          isId
              ? "an operation's id needs --timelock, the contract that knows it"
              : "--timelock and --from-block are for an id, 64 hexadecimal digits; a file names its"
                  + " timelock itself");
    }
    if (timelock == null) {
      return filed.apply(multiSend.read(file(spec)), Path.of(text));
    }
    OptionalLong first = from == null ? OptionalLong.empty() : OptionalLong.of(from);
    return named.apply(new ScheduledOperation(timelock, Word.parse(text), first));
  }

  private InputFile file(CommandSpec spec) {
    try {
      return new InputFile.Converter().convert(text);
    } catch (TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
