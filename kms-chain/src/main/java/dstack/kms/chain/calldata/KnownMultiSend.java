package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Address;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where MultiSendCallOnly lies on every chain that has it (specification 20 §8.4). A Safe runs the
 * code there as itself, so that any other address is a stranger's until somebody vouches for it.
 */
public enum KnownMultiSend {
  /** Of version 1.3.0. */
  V1_3_0("1.3.0", "0x40A2aCCbd92BCA938b02010E17A5b8929b49130D"),
  /** The same code of version 1.3.0 on chains that take transactions of EIP-155 only. */
  V1_3_0_EIP_155("1.3.0", "0xA1dabEF33b3B82c7814B6D82A79e50F4AC44102B"),
  /** Of version 1.4.1. */
  V1_4_1("1.4.1", "0x9641d764fc13c8B624c04430C7356C1C7C8102e2");

  private final String version;
  private final String checksummed;

  KnownMultiSend(String version, String checksummed) {
    this.version = version;
    this.checksummed = checksummed;
  }

  /** The canonical address. */
  public Address address() {
    return Address.parse(checksummed);
  }

  /** The version that has its canonical address there; empty of any other address. */
  public static Optional<String> versionAt(Address address) {
    return Stream.of(values())
        .filter(each -> each.address().equals(address))
        .map(each -> each.version)
        .findFirst();
  }
}
