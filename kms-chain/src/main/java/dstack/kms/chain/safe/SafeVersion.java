package dstack.kms.chain.safe;

import dstack.kms.chain.account.Word;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The published versions that we work with, known by the Keccak-256 of the code at their addresses.
 *
 * <p>The hashes are those of the npm package safe-global/safe-deployments 1.37.63 (canonical and
 * eip155 entries); those of the proxies are computed from the artifacts of gnosis.pm/safe-contracts
 * 1.3.0 and safe-global/safe-contracts 1.4.1.
 */
public enum SafeVersion {
  /** 1.3.0. */
  V1_3_0(
      "1.3.0",
      "bba688fbdb21ad2bb58bc320638b43d94e7d100f6f3ebaab0a4e4de6304b1c2e",
      "21842597390c4c6e3c1239e434a682b054bd9548eee5e9b1d6a4482731023c0f",
      "337d7f54be11b6ed55fef7b667ea5488db53db8320a05d1146aa4bd169a39a9b",
      "a9865ac2d9c7a1591619b188c4d88167b50df6cc0c5327fcbd1c8c75f7c066ad",
      "03e69f7ce809e81687c69b19a7d7cca45b6d551ffdec73d9bb87178476de1abf",
      "b89c1b3bdf2cf8827818646bce9a8f6e372885f8c55e5c07acbd307cb133b000"),
  /** 1.4.1. */
  V1_4_1(
      "1.4.1",
      "1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4",
      "b1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff",
      "50c3cdc4074750a7a974204a716c999edd37482f907608d960b2b025ee0b3317",
      "ecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939",
      "7c6007a5d711cea8dfd5d91f5940ec29c7f200fe511eb1fc1397b367af3c42f9",
      "d7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c");

  private final String number;
  private final String singleton;
  private final String layer2Singleton;
  private final String factory;
  private final String multiSend;
  private final String fallbackHandler;
  private final String proxy;

  SafeVersion(
      String number,
      String singleton,
      String layer2Singleton,
      String factory,
      String multiSend,
      String fallbackHandler,
      String proxy) {
    this.number = number;
    this.singleton = singleton;
    this.layer2Singleton = layer2Singleton;
    this.factory = factory;
    this.multiSend = multiSend;
    this.fallbackHandler = fallbackHandler;
    this.proxy = proxy;
  }

  /** As {@code VERSION()} has it. */
  public String number() {
    return number;
  }

  /** The version whose singleton, with or without events for layer 2, has this code. */
  public static Optional<SafeVersion> ofSingleton(Word codeHash) {
    return Stream.of(values()).filter(each -> each.isSingleton(codeHash.value().hex())).findFirst();
  }

  /** Whether this is the code of the proxies that one of the factories makes. */
  public static boolean isProxy(Word codeHash) {
    return Stream.of(values()).anyMatch(each -> each.proxy.equals(codeHash.value().hex()));
  }

  private boolean isSingleton(String codeHash) {
    return singleton.equals(codeHash) || layer2Singleton.equals(codeHash);
  }

  /** The hash of the factory's code. */
  public Word factory() {
    return Word.parse(factory);
  }

  /** The hash of the code of MultiSendCallOnly. */
  public Word multiSend() {
    return Word.parse(multiSend);
  }

  /** The hash of the code of the compatibility fallback handler. */
  public Word fallbackHandler() {
    return Word.parse(fallbackHandler);
  }
}
