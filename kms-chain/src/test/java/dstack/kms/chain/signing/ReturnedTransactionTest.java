package dstack.kms.chain.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A signer outside that signs something else than it was asked is found out. */
final class ReturnedTransactionTest {
  private static final Address EVIL = Address.parse("0x" + "66".repeat(20));
  private static final String SECOND_KEY =
      "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

  static Stream<Arguments> others() {
    return Stream.of(Transactions.dynamic(), Transactions.legacy())
        .flatMap(ReturnedTransactionTest::others);
  }

  private static Stream<Arguments> others(UnsignedTransaction asked) {
    return Stream.of(
        Arguments.of(
            asked, with(asked, Optional.of(EVIL), asked.value(), asked.data()), "recipient"),
        Arguments.of(
            asked, with(asked, Optional.empty(), asked.value(), asked.data()), "recipient"),
        Arguments.of(asked, with(asked, asked.to(), BigInteger.TWO, asked.data()), "value"),
        Arguments.of(asked, with(asked, asked.to(), asked.value(), Bytes.fromHex("ff")), "data"),
        Arguments.of(asked, with(asked, asked.to(), asked.value(), Bytes.EMPTY), "data"),
        Arguments.of(asked, asked.withNonce(8), "nonce"),
        Arguments.of(asked, asked.withFees(asked.fees().raised()), ""),
        Arguments.of(asked, chain(asked, 1), "chain id"),
        Arguments.of(asked, gas(asked, 100_001), "gas limit"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void refusesTransactionThatDiffersInAnyField(
      UnsignedTransaction asked, UnsignedTransaction signed, String field) {
    try (KeySigner signer = Transactions.first()) {
      Bytes raw = signer.sign(signed).raw();

      assertThatThrownBy(() -> new ReturnedTransaction(asked).check(raw, signer.account()))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("another transaction")
          .hasMessageContaining(field)
          .extracting(e -> ((RefusalException) e).code())
          .isEqualTo(SigningRefusal.OTHER_TRANSACTION);
    }
  }

  static Stream<UnsignedTransaction> asked() {
    return Stream.of(Transactions.dynamic(), Transactions.legacy());
  }

  @ParameterizedTest
  @MethodSource("asked")
  void takesTransactionThatIsExactlyWhatWasAsked(UnsignedTransaction asked) {
    try (KeySigner signer = Transactions.first()) {
      Bytes raw = signer.sign(asked).raw();

      SignedTransaction checked = new ReturnedTransaction(asked).check(raw, signer.account());
      assertThat(checked.raw()).isEqualTo(raw);
      assertThat(checked.content()).isEqualTo(asked);
    }
  }

  @ParameterizedTest
  @MethodSource("asked")
  void refusesTransactionThatAnotherKeySigned(UnsignedTransaction asked) {
    try (KeySigner signer = Transactions.first();
        KeySigner other = Transactions.signer(SECOND_KEY)) {
      Bytes raw = other.sign(asked).raw();

      assertThatThrownBy(() -> new ReturnedTransaction(asked).check(raw, signer.account()))
          .hasMessageContaining(other.account().toString())
          .hasMessageContaining("not of " + signer.account());
    }
  }

  @Test
  void refusesTransactionOfTheOtherForm() {
    try (KeySigner signer = Transactions.first()) {
      Bytes dynamic = signer.sign(Transactions.dynamic()).raw();
      Bytes legacy = signer.sign(Transactions.legacy()).raw();

      assertThatThrownBy(
              () -> new ReturnedTransaction(Transactions.legacy()).check(dynamic, signer.account()))
          .hasMessageContaining("the signer returned another transaction");
      assertThatThrownBy(
              () -> new ReturnedTransaction(Transactions.dynamic()).check(legacy, signer.account()))
          .hasMessageContaining("of another type");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "02", "02c0", "c0", "02b801", "0202", "02f8", "ff", "02c3808080"})
  void refusesBytesThatAreNoTransaction(String raw) {
    try (KeySigner signer = Transactions.first()) {
      assertThatThrownBy(
              () ->
                  new ReturnedTransaction(Transactions.dynamic())
                      .check(Bytes.fromHex(raw), signer.account()))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("another transaction");
    }
  }

  @Test
  void refusesEveryTransactionWithOneChangedByte() {
    try (KeySigner signer = Transactions.first()) {
      byte[] raw = signer.sign(Transactions.dynamic()).raw().toArray();
      for (int i = 0; i < raw.length; i++) {
        byte[] changed = raw.clone();
        changed[i] ^= 1;
        assertThatThrownBy(
                () ->
                    new ReturnedTransaction(Transactions.dynamic())
                        .check(Bytes.of(changed), signer.account()))
            .isInstanceOf(RefusalException.class);
      }
    }
  }

  @Test
  void refusesTransactionWithBytesAfterIt() {
    try (KeySigner signer = Transactions.first()) {
      Bytes raw = Bytes.concat(signer.sign(Transactions.dynamic()).raw(), Bytes.zeros(1));

      assertThatThrownBy(
              () -> new ReturnedTransaction(Transactions.dynamic()).check(raw, signer.account()))
          .isInstanceOf(RefusalException.class);
    }
  }

  private static UnsignedTransaction with(
      UnsignedTransaction asked, Optional<Address> to, BigInteger value, Bytes data) {
    return new UnsignedTransaction(
        asked.chainId(), asked.nonce(), asked.fees(), asked.gas(), to, value, data);
  }

  private static UnsignedTransaction chain(UnsignedTransaction asked, long chainId) {
    return new UnsignedTransaction(
        chainId, asked.nonce(), asked.fees(), asked.gas(), asked.to(), asked.value(), asked.data());
  }

  private static UnsignedTransaction gas(UnsignedTransaction asked, long gas) {
    return new UnsignedTransaction(
        asked.chainId(), asked.nonce(), asked.fees(), gas, asked.to(), asked.value(), asked.data());
  }
}
