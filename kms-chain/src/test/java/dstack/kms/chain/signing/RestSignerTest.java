package dstack.kms.chain.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.testing.FakeNode;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Anvil;
import dstack.kms.testkit.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A signer with the interface of Web3Signer, played by ethers behind a stand-in. */
final class RestSignerTest {
  private static final String POINT =
      "8318535b54105d4a7aae60c08fc45f9687181b4fdfc625bd1a753fa7397fed75"
          + "3547f11ca8696646f2f3acb08e31016afac23e630c5d11f59f61fef57b0d2aa5";

  /** Hashes the data and signs it, as the public interface says; v is 27 or 28. */
  private static FakeNode web3Signer() {
    return new FakeNode(
        request -> {
          String script =
              """
              import { SigningKey, keccak256 } from 'ethers';
              const [key, body] = process.argv.slice(1);
              console.log(new SigningKey(key).sign(keccak256(JSON.parse(body).data)).serialized);
              """;
          return FakeNode.Reply.of(Node.run(script, Anvil.FIRST_KEY, request));
        });
  }

  private static RpcUrl urlOf(FakeNode node) {
    return RpcUrl.of(node.url() + "/api/v1/eth1/sign/0x" + POINT);
  }

  @Test
  void takesSignatureOverExactlyWhatWasAsked() {
    UnsignedTransaction asked = Transactions.dynamic();
    try (FakeNode node = web3Signer();
        RestSigner signer = RestSigner.of(urlOf(node));
        KeySigner key = Transactions.first()) {
      assertThat(signer.account()).isEqualTo(key.account());
      assertThat(signer.sign(asked).raw()).isEqualTo(key.sign(asked).raw());
    }
  }

  @Test
  void refusesSignatureOverAnotherTransaction() {
    try (KeySigner key = Transactions.first()) {
      Bytes other = key.sign(Transactions.dynamic().withNonce(9)).raw();
      Bytes signature =
          Bytes.concat(other.slice(other.length() - 65, other.length() - 33), Bytes.zeros(33));
      try (FakeNode node = FakeNode.answering("0x" + signature);
          RestSigner signer = RestSigner.of(urlOf(node))) {
        assertThatThrownBy(() -> signer.sign(Transactions.dynamic()))
            .isInstanceOf(RefusalException.class)
            .extracting(e -> ((RefusalException) e).code())
            .isEqualTo(SigningRefusal.OTHER_TRANSACTION);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "0x00", "null", "{\"signature\":\"0x00\"}"})
  void refusesAnswerThatIsNoSignature(String answer) {
    try (FakeNode node = FakeNode.answering(answer);
        RestSigner signer = RestSigner.of(urlOf(node))) {
      assertThatThrownBy(() -> signer.sign(Transactions.dynamic()))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("something else than 65 bytes");
    }
  }

  @Test
  void refusesWhenTheSignerDoesNotHaveTheKey() {
    try (FakeNode node = new FakeNode(_ -> FakeNode.Reply.of(404, "not found"));
        RestSigner signer = RestSigner.of(urlOf(node))) {
      assertThatThrownBy(() -> signer.sign(Transactions.dynamic()))
          .hasMessageContaining("HTTP status 404");
    }
  }

  @Test
  void namesSignerThatIsNotThereWithoutItsPath() {
    RpcUrl url = RpcUrl.of("http://127.0.0.1:9/api/v1/eth1/sign/0x" + POINT);
    try (RestSigner signer = RestSigner.of(url)) {
      assertThatThrownBy(() -> signer.sign(Transactions.dynamic()))
          .hasMessage("the signer at http://127.0.0.1:9 did not answer");
    }
  }

  @Test
  void refusesKeyThatIsNoPoint() {
    String other = POINT.substring(0, 126) + "00";

    assertThatThrownBy(
            () -> RestSigner.of(RpcUrl.of("http://127.0.0.1:9/api/v1/eth1/sign/" + other)))
        .isInstanceOf(RefusalException.class);
  }
}
