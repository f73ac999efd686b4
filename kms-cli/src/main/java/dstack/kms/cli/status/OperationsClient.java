package dstack.kms.cli.status;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks one operations listener; bounded in time and in size, follows no redirect. */
final class OperationsClient {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration TOTAL = Duration.ofSeconds(10);
  private static final int MAX_ANSWER = 64 << 10;

  private OperationsClient() {}

  /** What {@code /ready} says, whether or not the server is. */
  static ReadyAnswer ready(URI server) {
    HttpResponse<String> answer = get(URI.create(server + "/ready"));
    if (answer.statusCode() != 200 && answer.statusCode() != 503) {
      throw ReadyAnswer.malformed();
    }
    return ReadyAnswer.read(answer.body());
  }

  private static HttpResponse<String> get(URI address) {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(TOTAL).build();
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      return client.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_ANSWER));
    } catch (IOException e) {
      throw RefusalException.causedBy(StatusRefusal.UNREACHABLE, "no answer from " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RefusalException.causedBy(StatusRefusal.UNREACHABLE, "no answer from " + address, e);
    }
  }
}
