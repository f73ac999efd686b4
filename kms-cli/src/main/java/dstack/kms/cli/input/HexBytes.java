package dstack.kms.cli.input;

import dstack.kms.core.bytes.Bytes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes given on the command line as hexadecimal digits, with or without {@code 0x} in front. */
public final class HexBytes implements ITypeConverter<Bytes> {
  @Override
  public Bytes convert(String text) {
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    if (digits.length() % 2 != 0 || !digits.matches("[0-9a-fA-F]*")) {
      throw new TypeConversionException("expected an even number of hexadecimal digits");
    }
    return Bytes.fromHex(digits);
  }
}
