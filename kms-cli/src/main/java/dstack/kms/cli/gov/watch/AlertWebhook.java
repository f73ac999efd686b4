package dstack.kms.cli.gov.watch;

import dstack.kms.chain.transaction.Pause;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Tells another service of events: one POST of JSON for each, tried three times, within a deadline.
 * Answers are not read; redirects are not followed.
 */
final class AlertWebhook implements AutoCloseable {
  private static final int TRIES = 3;
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration BACK_OFF = Duration.ofSeconds(1);

  private final URI url;
  private final Pause pause;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(3))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  AlertWebhook(URI url, Pause pause) {
    this.url = url;
    this.pause = pause;
  }

  /** Whether the service took it. */
  boolean tell(String json) {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(DEADLINE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    for (int i = 1; i <= TRIES; i++) {
      if (taken(request)) {
        return true;
      }
      if (i < TRIES) {
        pause.lasting(BACK_OFF.multipliedBy(i));
      }
    }
    return false;
  }

  private boolean taken(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() / 100 == 2;
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what the JDK makes of a Content-Length that is no number.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
