package dstack.kms.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.testkit.Anvil;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The chain that the tests of this module run against. */
final class AnvilTest {
  @Test
  void answersWithItsChainId() throws Exception {
    try (Anvil anvil = Anvil.start();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(anvil.url())
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}"))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .contains("\"result\":\"0x7a69\"");
    }
  }
}
