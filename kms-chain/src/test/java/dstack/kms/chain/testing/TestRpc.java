package dstack.kms.chain.testing;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON-RPC to a chain of our own; an error answer is thrown. */
final class TestRpc implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  TestRpc(URI url) {
    this.url = url;
  }

  JsonNode call(String method, Object... parameters) {
    JsonNode answer =
        post(Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(parameters)));
    JsonNode error = answer.get("error");
    if (error == null) {
      return answer.get("result");
    }
    JsonNode data = error.path("data");
    if (error.path("code").asInt() == 3 && data.isString()) {
      throw new Reverted(Bytes.fromHex(data.asString().substring(2)));
    }
    throw new AssertionError(method + ": " + error);
  }

  private JsonNode post(Object request) {
    try {
      HttpRequest http =
          HttpRequest.newBuilder(url)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(request)))
              .build();
      return JSON.readTree(client.send(http, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
