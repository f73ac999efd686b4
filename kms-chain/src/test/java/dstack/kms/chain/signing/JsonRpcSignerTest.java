package dstack.kms.chain.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Anvil;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A signer that speaks eth_signTransaction: a real anvil, and one that lies. */
final class JsonRpcSignerTest {
  private static final Optional<Address> FIRST = Optional.of(Address.parse(Anvil.FIRST_ACCOUNT));
  private static Anvil anvil;

  @BeforeAll
  static void start() {
    anvil = Anvil.start();
  }

  @AfterAll
  static void stop() {
    anvil.close();
  }

  private static RpcClient client(String url) {
    return new RpcClient(ChainEndpoint.of(RpcUrl.of(url)), RpcLimits.DEFAULT);
  }

  @Test
  void takesWhatAnvilSigns() {
    try (JsonRpcSigner signer = JsonRpcSigner.of(client(anvil.url().toString()), FIRST);
        KeySigner key = Transactions.first()) {
      assertThat(signer.sign(Transactions.dynamic()).raw())
          .isEqualTo(key.sign(Transactions.dynamic()).raw());
      assertThat(signer.sign(Transactions.legacy()).raw())
          .isEqualTo(key.sign(Transactions.legacy()).raw());
    }
  }

  @Test
  void refusesToGuessAmongManyAccounts() {
    assertThatThrownBy(() -> JsonRpcSigner.of(client(anvil.url().toString()), Optional.empty()))
        .hasMessageContaining("has 10 accounts: choose one with --from");
  }

  @Test
  void refusesAccountThatTheSignerDoesNotHave() {
    assertThatThrownBy(
            () -> JsonRpcSigner.of(client(anvil.url().toString()), Optional.of(Transactions.TO)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("does not have the account");
  }

  @Test
  void refusesWhatALyingSignerReturns() {
    try (KeySigner key = Transactions.first()) {
      Bytes other = key.sign(Transactions.dynamic().withNonce(8)).raw();
      try (FakeNode liar = new FakeNode(request -> FakeNode.Reply.of(answer(request, other)));
          JsonRpcSigner signer = JsonRpcSigner.of(client(liar.url().toString()), FIRST)) {
        assertThatThrownBy(() -> signer.sign(Transactions.dynamic()))
            .hasMessageContaining("its nonce differs");
      }
    }
  }

  private static String answer(String request, Bytes raw) {
    String id = request.replaceAll("(?s).*\"id\":(\\d+).*", "$1");
    String result =
        request.contains("eth_accounts")
            ? "[\"" + Anvil.FIRST_ACCOUNT + "\"]"
            : "{\"raw\":\"0x" + raw + "\"}";
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }
}
