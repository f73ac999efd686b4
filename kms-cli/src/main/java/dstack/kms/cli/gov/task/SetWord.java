package dstack.kms.cli.gov.task;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The word {@code set}, which stands where other commands have add and remove. */
final class SetWord implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    if (!text.equals("set")) {
      throw new TypeConversionException("expected set, not '" + text + "'");
    }
    return text;
  }
}
