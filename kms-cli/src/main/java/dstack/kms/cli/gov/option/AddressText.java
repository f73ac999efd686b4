package dstack.kms.cli.gov.option;

import dstack.kms.chain.account.Address;
import dstack.kms.core.refusal.RefusalException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An address on the command line; digits of both cases must carry a checksum that holds. */
public final class AddressText implements ITypeConverter<Address> {
  @Override
  public Address convert(String text) {
    try {
      return Address.parse(text);
    } catch (RefusalException e) {
      throw wrong(e);
    }
  }

  static TypeConversionException wrong(RefusalException cause) {
    var wrongUsage = new TypeConversionException(cause.text());
    wrongUsage.initCause(cause);
    return wrongUsage;
  }
}
