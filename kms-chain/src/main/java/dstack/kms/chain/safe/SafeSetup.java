package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.SafeFunctions;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;

/**
 * A Safe that is to be made: owners and threshold, and nothing that could act for it otherwise.
 *
 * @param owners different accounts
 * @param threshold how many of them decide
 */
public record SafeSetup(List<Address> owners, int threshold) {
  /** Refuses a threshold that cannot be reached, and owners that a Safe does not take. */
  public SafeSetup {
    owners = List.copyOf(owners);
    if (threshold < 1 || threshold > owners.size()) {
      throw refusal("a threshold of " + threshold + " among " + owners.size() + " owners");
    }
    if (new HashSet<>(owners).size() != owners.size()) {
      throw refusal("an owner is named twice");
    }
    if (owners.stream().anyMatch(owner -> owner.word().number().compareTo(BigInteger.ONE) <= 0)) {
      throw refusal("addresses zero and one cannot own a Safe");
    }
  }

  private static RefusalException refusal(String text) {
    return new RefusalException(SafeRefusal.CONTRACT, text);
  }

  /**
   * The call of the factory that makes it.
   *
   * @param salt makes different Safes of the same owners
   */
  public Call create(SafeAddresses addresses, BigInteger salt) {
    if (salt.signum() < 0 || salt.bitLength() > 256) {
      throw refusal("a salt is a number from 0 to 2^256");
    }
    AbiValue nobody = AbiValue.of(Address.ZERO);
    Bytes setup =
        SafeFunctions.SETUP.encode(
            AbiValue.of(owners.stream().map(AbiValue::of).toList()),
            AbiValue.of(threshold),
            nobody,
            AbiValue.of(Bytes.EMPTY),
            AbiValue.of(addresses.fallbackHandler()),
            nobody,
            AbiValue.of(0),
            nobody);
    return SafeFunctions.CREATE_PROXY.on(
        addresses.factory(),
        AbiValue.of(addresses.singleton()),
        AbiValue.of(setup),
        AbiValue.of(salt));
  }

  /** Refuses a Safe that is not exactly this: other owners or threshold, a module or a guard. */
  public void requireAt(SafeReader safe) {
    safe.requireVersion();
    boolean same =
        new HashSet<>(safe.owners()).equals(new HashSet<>(owners)) && safe.threshold() == threshold;
    if (!same || !safe.modules().isEmpty() || !safe.guard().isZero()) {
      throw refusal("the Safe at " + safe.address() + " is not the one that was asked for");
    }
  }
}
