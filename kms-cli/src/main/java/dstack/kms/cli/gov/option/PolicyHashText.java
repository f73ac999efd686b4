package dstack.kms.cli.gov.option;

import dstack.kms.chain.governance.PolicyHash;
import dstack.kms.core.refusal.RefusalException;
import picocli.CommandLine.ITypeConverter;

/** 32 bytes on the command line that an allow-list may hold. */
public final class PolicyHashText implements ITypeConverter<PolicyHash> {
  @Override
  public PolicyHash convert(String text) {
    try {
      return PolicyHash.parse(text);
    } catch (RefusalException e) {
      throw AddressText.wrong(e);
    }
  }
}
