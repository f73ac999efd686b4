package dstack.kms.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RpcUrlTest {
  @ParameterizedTest
  @CsvSource({
    "https://Rpc.Example/v3/key-of-a-customer, https://rpc.example",
    "https://rpc.example:8443?apikey=key-of-a-customer, https://rpc.example:8443",
    "https://user:key-of-a-customer@rpc.example/, https://rpc.example",
    "http://[::1]:8545/key-of-a-customer, http://[::1]:8545",
  })
  void showsNothingButSchemeHostAndPort(String text, String shown) {
    RpcUrl url = RpcUrl.of(text);
    assertThat(url.name()).isEqualTo(shown);
    assertThat(url).hasToString(shown);
    assertThat(url.redacted("for key-of-a-customer!")).doesNotContain("customer!").endsWith("!");
  }

  @Test
  void keepsPathAndQueryForTheRequestAndCredentialsForTheHeader() {
    RpcUrl url = RpcUrl.of("https://user:secret@rpc.example/v3/key?x=1");
    assertThat(url.requestUri()).hasToString("https://rpc.example/v3/key?x=1");
    assertThat(url.authorization()).contains("Basic dXNlcjpzZWNyZXQ=");
    assertThat(RpcUrl.of("https://rpc.example").requestUri()).hasToString("https://rpc.example/");
    assertThat(RpcUrl.of("https://rpc.example").authorization()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rpc.example",
        "ftp://rpc.example/secret-part",
        "https:///secret-part",
        "https://rpc.example:70000/secret-part",
        "https://rpc.example:0/secret-part",
        "https://rpc.example/secret-part#x",
        "https://rpc.example/secret part",
        "wss://rpc.example/secret-part",
      })
  void refusesWhatNoRequestCanBeSentToWithoutShowingIt(String text) {
    assertThatThrownBy(() -> RpcUrl.of(text))
        .isInstanceOf(RefusalException.class)
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8545, false",
    "http://[::1]:8545, false",
    "http://10.1.2.3:8545, false",
    "http://helios:8545, false",
    "https://rpc.example, false",
    "http://rpc.example, true",
    "http://8.8.8.8, true",
    "http://134744072, true",
  })
  void t16_knowsPlainHttpToAPublicHost(String text, boolean forbidden) {
    assertThat(RpcUrl.of(text).isPlainToPublicHost()).isEqualTo(forbidden);
  }
}
