package dstack.kms.attest.snp;

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
 * GET requests with a limit on everything: connection, whole time, size of the answer. Redirects
 * are not followed.
 */
final class KdsClient implements AutoCloseable {
  /** A chain of two certificates has about 5,000 bytes. */
  static final int MAX_BODY = 64 << 10;

  private static final int NOT_FOUND = 404;

  private final HttpClient client;

  KdsClient(Duration connectTimeout) {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .build();
  }

  /** The body of a success. Addresses are shown to the operator only: they name a machine. */
  Bytes get(URI address, String label, KdsDeadline deadline) {
    HttpResponse<byte[]> answer = answer(address, label, deadline);
    if (answer.statusCode() == NOT_FOUND) {
      throw KdsRefusal.UNKNOWN_CHIP.because(
          "amd sev-snp " + label + " request failed: not found", address.toString());
    }
    if (answer.statusCode() / 100 != 2) {
      throw KdsRefusal.UNAVAILABLE.because(
          "amd sev-snp " + label + " request failed: HTTP " + answer.statusCode(),
          address.toString());
    }
    return Bytes.of(answer.body());
  }

  private HttpResponse<byte[]> answer(URI address, String label, KdsDeadline deadline) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(address).GET().build(),
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_BODY));
    try {
      return answer.get(deadline.nanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failed(address, label, "no complete answer");
    } catch (TimeoutException e) {
      throw failed(address, label, "no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(address, label, "interrupted");
    } finally {
      answer.cancel(true);
    }
  }

  private static RefusalException failed(URI address, String label, String how) {
    return KdsRefusal.UNAVAILABLE.because(
        "failed to request amd sev-snp " + label + ": " + how, address.toString());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
