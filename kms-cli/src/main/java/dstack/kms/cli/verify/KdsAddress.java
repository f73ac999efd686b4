package dstack.kms.cli.verify;

import dstack.kms.attest.snp.AmdKds;
import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The address of AMD's key distribution service, or of a mirror, on the command line. */
final class KdsAddress implements ITypeConverter<URI> {
  @Override
  public URI convert(String text) {
    try {
      return AmdKds.address(text);
    } catch (IllegalArgumentException e) {
      TypeConversionException wrongUsage = new TypeConversionException(e.getMessage());
      wrongUsage.initCause(e);
      throw wrongUsage;
    }
  }
}
