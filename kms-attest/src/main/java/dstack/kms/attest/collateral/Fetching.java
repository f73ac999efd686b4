package dstack.kms.attest.collateral;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Plain GET requests with a limit on everything: connection, whole time, size of the body.
 * Redirects are not followed and certificates are checked.
 */
final class Fetching implements AutoCloseable {
  /** No document of a provisioning service may be larger. */
  static final int MAX_BODY = 4 << 20;

  private final HttpClient client;

  Fetching(Duration connectTimeout) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
  }

  /** The answer, whatever its status. */
  HttpAnswer get(URI address, Deadline deadline) {
    HttpRequest request = HttpRequest.newBuilder(address).GET().build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_BODY));
    try {
      HttpResponse<byte[]> response = answer.get(deadline.nanos(), TimeUnit.NANOSECONDS);
      return new HttpAnswer(response.statusCode(), response.headers(), Bytes.of(response.body()));
    } catch (ExecutionException e) {
      throw failed(address, "no complete answer", e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw failed(address, "no answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(address, "interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  /** The answer, if its status is a success. */
  HttpAnswer getSuccess(URI address, Deadline deadline) {
    HttpAnswer answer = get(address, deadline);
    if (!answer.isSuccess()) {
      throw unavailable("Failed to fetch " + address + ": HTTP " + answer.status());
    }
    return answer;
  }

  private static RefusalException failed(URI address, String how, Throwable cause) {
    return RefusalException.causedBy(
        CollateralRefusal.UNAVAILABLE, "Failed to fetch " + address + ": " + how, cause);
  }

  static RefusalException unavailable(String text) {
    return new RefusalException(CollateralRefusal.UNAVAILABLE, text);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
