package dstack.kms.chain.signing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that stand in public documents (specification 22 §1). */
final class PublicKeysTest {
  @ParameterizedTest
  @CsvSource({
    "0xdf57089febbacf7ba0bc227dafbffa9fc08a93fdc68e1e42411a14efcf23656e, 1",
    "0xdf57089febbacf7ba0bc227dafbffa9fc08a93fdc68e1e42411a14efcf23656e, 11155111",
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80, 8453",
    "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d, 84532",
  })
  void refusesThemOnEveryRealChain(String key, long chainId) {
    try (KeySigner signer = Transactions.signer(key)) {
      assertThatThrownBy(() -> PublicKeys.requirePrivate(signer.account(), chainId))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("printed in public documents");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0xdf57089febbacf7ba0bc227dafbffa9fc08a93fdc68e1e42411a14efcf23656e, 31337",
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80, 1337",
    "0x0000000000000000000000000000000000000000000000000000000000000003, 1",
  })
  void takesThemForDevelopmentAndOthersAnywhere(String key, long chainId) {
    try (KeySigner signer = Transactions.signer(key)) {
      assertThatCode(() -> PublicKeys.requirePrivate(signer.account(), chainId))
          .doesNotThrowAnyException();
    }
  }
}
