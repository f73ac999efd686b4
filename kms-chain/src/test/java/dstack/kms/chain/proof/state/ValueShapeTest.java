package dstack.kms.chain.proof.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the trie of accounts, taken apart. */
class ValueShapeTest {
  private static final String HASH = "a0" + "11".repeat(32);

  @Test
  void readsTheFourPartsOfAnAccount() {
    AccountState state = AccountState.decode(Bytes.fromHex("f8468205dc80" + HASH + HASH));
    assertThat(state.nonce()).isEqualTo(1500);
    assertThat(state.balance()).isZero();
    assertThat(state.storageRoot().value().hex()).isEqualTo("11".repeat(32));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c0",
        "c48080" + "8080",
        "f8448000" + "00",
        "80",
        "01",
        "f8430180a0" + "1111111111111111111111111111111111111111111111111111111111111111" + "9f11"
      })
  void refusesWhatIsNoAccount(String hex) {
    assertThatThrownBy(() -> AccountState.decode(Bytes.fromHex(hex)))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesAnAccountOfThreeOrFivePartsAndHashesOfOtherLengths() {
    for (String hex :
        new String[] {
          "f8430180" + HASH,
          "e30180" + HASH,
          "f8450180" + HASH + HASH + "80",
          "f8430180" + HASH + "9f" + "11".repeat(31),
          "f8460180" + HASH + "a1" + "11".repeat(33),
          "f84400" + "80" + HASH + HASH
        }) {
      assertThatThrownBy(() -> AccountState.decode(Bytes.fromHex(hex)))
          .as(hex)
          .isInstanceOf(RefusalException.class);
    }
  }
}
