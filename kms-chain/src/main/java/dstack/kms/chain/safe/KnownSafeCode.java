package dstack.kms.chain.safe;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.util.stream.Stream;

/** Tells the published contracts around a Safe by their code. */
public final class KnownSafeCode {
  private KnownSafeCode() {}

  /** Refuses an address without the code of MultiSendCallOnly: a Safe would run it as itself. */
  public static void requireMultiSend(Endpoint endpoint, Address address) {
    Word hash = hashOf(endpoint, address);
    if (Stream.of(SafeVersion.values()).noneMatch(each -> each.multiSend().equals(hash))) {
      throw new RefusalException(
          SafeRefusal.CONTRACT,
          "the code at " + address + " is not that of MultiSendCallOnly 1.3.0 or 1.4.1");
    }
  }

  /** Refuses a factory, singleton or handler with other code than the version's. */
  public static void require(Endpoint endpoint, SafeVersion version, SafeAddresses addresses) {
    Word singleton = hashOf(endpoint, addresses.singleton());
    boolean known = SafeVersion.ofSingleton(singleton).filter(version::equals).isPresent();
    requireThat(known, "singleton", addresses.singleton(), version);
    requireThat(
        hashOf(endpoint, addresses.factory()).equals(version.factory()),
        "factory",
        addresses.factory(),
        version);
    requireThat(
        hashOf(endpoint, addresses.fallbackHandler()).equals(version.fallbackHandler()),
        "fallback handler",
        addresses.fallbackHandler(),
        version);
  }

  private static void requireThat(boolean held, String what, Address at, SafeVersion version) {
    if (!held) {
      throw new RefusalException(
          SafeRefusal.CONTRACT,
          "the code at "
              + at
              + " is not that of the published Safe "
              + what
              + " "
              + version.number()
              + ": on a chain without it, deploy it or name where it lies");
    }
  }

  private static Word hashOf(Endpoint endpoint, Address address) {
    return new Word(Keccak.keccak256(endpoint.code(address)));
  }
}
