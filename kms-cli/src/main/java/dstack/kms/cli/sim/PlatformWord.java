package dstack.kms.cli.sim;

import dstack.kms.sim.platform.PlatformKind;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a simulated platform on the command line. */
public final class PlatformWord implements ITypeConverter<PlatformKind> {
  @Override
  public PlatformKind convert(String text) {
    return PlatformKind.ofWord(text)
        .orElseThrow(
            () -> new TypeConversionException("expected " + words() + ", not '" + text + "'"));
  }

  private static String words() {
    return Stream.of(PlatformKind.values())
        .map(PlatformKind::word)
        .collect(Collectors.joining(", "));
  }
}
