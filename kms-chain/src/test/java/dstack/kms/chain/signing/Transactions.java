package dstack.kms.chain.signing;

import dstack.kms.chain.account.Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import dstack.kms.testkit.Anvil;
import java.math.BigInteger;
import java.util.Optional;

/** Transactions and keys of tests. */
public final class Transactions {
  static final Address TO = Address.parse("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0");

  private Transactions() {}

  static UnsignedTransaction dynamic() {
    return with(
        new Fees.Dynamic(BigInteger.valueOf(1_000_000), BigInteger.valueOf(3_000_000_000L)));
  }

  static UnsignedTransaction legacy() {
    return with(new Fees.Legacy(BigInteger.valueOf(2_000_000_000L)));
  }

  private static UnsignedTransaction with(Fees fees) {
    return new UnsignedTransaction(
        31337, 7, fees, 100_000, Optional.of(TO), BigInteger.TEN, Bytes.fromHex("06a3ae96"));
  }

  /** A signer with anvil's first key. */
  public static KeySigner first() {
    return signer(Anvil.FIRST_KEY);
  }

  /** A signer with that key. */
  public static KeySigner signer(String key) {
    try (Secret secret = KeyText.parse(key)) {
      return KeySigner.of(secret);
    }
  }
}
