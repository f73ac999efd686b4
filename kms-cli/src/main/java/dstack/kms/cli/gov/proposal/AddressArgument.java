package dstack.kms.cli.gov.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.core.refusal.RefusalException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An account on the command line. */
public final class AddressArgument implements ITypeConverter<Address> {
  @Override
  public Address convert(String text) {
    try {
      return Address.parse(text);
    } catch (RefusalException e) {
      var wrongUsage = new TypeConversionException(e.text());
      wrongUsage.initCause(e);
      throw wrongUsage;
    }
  }
}
