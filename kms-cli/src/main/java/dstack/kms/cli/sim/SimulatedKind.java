package dstack.kms.cli.sim;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A kind of platform that can be simulated. */
enum SimulatedKind {
  TDX;

  /** Reads the name of the command line. */
  static final class Converter implements ITypeConverter<SimulatedKind> {
    @Override
    public SimulatedKind convert(String text) {
      if (!text.equals("tdx")) {
        throw new TypeConversionException("only tdx can be simulated, not '" + text + "'");
      }
      return TDX;
    }
  }
}
