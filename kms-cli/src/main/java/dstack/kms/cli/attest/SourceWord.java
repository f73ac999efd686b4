package dstack.kms.cli.attest;

import dstack.kms.core.config.QuoteSourceKind;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A source given on the command line by the word that the configuration has for it. */
public final class SourceWord implements ITypeConverter<QuoteSourceKind> {
  @Override
  public QuoteSourceKind convert(String text) {
    return Arrays.stream(QuoteSourceKind.values())
        .filter(kind -> kind.word().equals(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("expected one of " + words()));
  }

  private static String words() {
    return Arrays.stream(QuoteSourceKind.values())
        .map(QuoteSourceKind::word)
        .collect(Collectors.joining(", "));
  }
}
