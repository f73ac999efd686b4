package dstack.kms.chain.proof;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.testkit.Anvil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks an anvil directly, and changes its state past any contract. */
public final class AnvilRpc implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Anvil anvil;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Talks to that chain. */
  public AnvilRpc(Anvil anvil) {
    this.anvil = anvil;
  }

  /** The result; an error fails the test. */
  public JsonNode call(String method, Object... parameters) {
    String body =
        JSON.writeValueAsString(
            Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(parameters)));
    HttpRequest request =
        HttpRequest.newBuilder(anvil.url())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      JsonNode answer =
          JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
      if (!answer.has("result")) {
        throw new AssertionError(method + ": " + answer);
      }
      return answer.get("result");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** A word of an account's storage from now on. */
  public void store(Address account, Word key, Word value) {
    call("anvil_setStorageAt", account.lowerCase(), key.text(), value.text());
  }

  /** Makes a block and returns it. */
  public JsonNode mine() {
    call("evm_mine");
    return call("eth_getBlockByNumber", "latest", false);
  }

  /** Makes a block with a transaction that moves a little money, and returns it. */
  public JsonNode transfer() {
    Address from = Address.parse(Anvil.FIRST_ACCOUNT);
    Map<String, String> transaction =
        Map.of("from", from.lowerCase(), "to", Address.ZERO.lowerCase(), "value", "0x1");
    call("eth_sendTransaction", transaction);
    return mine();
  }

  /** A proof at that block. */
  public JsonNode proof(Address account, List<Word> keys, JsonNode block) {
    return call(
        "eth_getProof",
        account.lowerCase(),
        keys.stream().map(Word::text).toList(),
        block.get("number").stringValue());
  }

  @Override
  public void close() {
    http.close();
    anvil.close();
  }
}
