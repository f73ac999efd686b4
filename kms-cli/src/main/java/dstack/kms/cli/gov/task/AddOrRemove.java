package dstack.kms.cli.gov.task;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Which way a list changes. */
enum AddOrRemove {
  ADD,
  REMOVE;

  /** Reads the word. */
  static final class Text implements ITypeConverter<AddOrRemove> {
    @Override
    public AddOrRemove convert(String text) {
      return switch (text) {
        case "add" -> ADD;
        case "remove" -> REMOVE;
        default -> throw new TypeConversionException("expected add or remove, not '" + text + "'");
      };
    }
  }
}
