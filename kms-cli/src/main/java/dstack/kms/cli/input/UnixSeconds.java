package dstack.kms.cli.input;

import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An instant given on the command line in seconds since 1970, of at most ten digits. */
public final class UnixSeconds implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String text) {
    if (!text.matches("[0-9]{1,10}")) {
      throw new TypeConversionException("expected seconds since 1970, not '" + text + "'");
    }
    return Instant.ofEpochSecond(Long.parseLong(text));
  }
}
