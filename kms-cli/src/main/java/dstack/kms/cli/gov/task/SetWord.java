package dstack.kms.cli.gov.task;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The word {@code set}, which stands where other commands have add and remove. */
final class SetWord {
  @Parameters(
      index = "0",
      paramLabel = "set",
      converter = Text.class,
      description = "The word set.")
  @SuppressWarnings("UnusedVariable") // its converter takes one word only
  private String verb;

  /** Takes the word and no other. */
  static final class Text implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!text.equals("set")) {
        throw new TypeConversionException("expected set, not '" + text + "'");
      }
      return text;
    }
  }
}
