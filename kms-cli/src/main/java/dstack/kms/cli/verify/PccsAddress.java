package dstack.kms.cli.verify;

import dstack.kms.attest.collateral.CollateralEndpoint;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The address of a collateral service on the command line. */
final class PccsAddress implements ITypeConverter<CollateralEndpoint> {
  @Override
  public CollateralEndpoint convert(String text) {
    try {
      return CollateralEndpoint.of(text);
    } catch (IllegalArgumentException e) {
      TypeConversionException wrongUsage = new TypeConversionException(e.getMessage());
      wrongUsage.initCause(e);
      throw wrongUsage;
    }
  }
}
