package dstack.kms.cli.gov.task;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A switch, always said explicitly. */
enum OnOrOff {
  ON,
  OFF;

  boolean isOn() {
    return this == ON;
  }

  /** Reads the word. */
  static final class Text implements ITypeConverter<OnOrOff> {
    @Override
    public OnOrOff convert(String text) {
      return switch (text) {
        case "on" -> ON;
        case "off" -> OFF;
        default -> throw new TypeConversionException("expected on or off, not '" + text + "'");
      };
    }
  }
}
