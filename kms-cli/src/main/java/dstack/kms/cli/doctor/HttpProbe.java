package dstack.kms.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Asks a configured endpoint once, within seconds and without following anything. */
final class HttpProbe {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private HttpProbe() {}

  /**
   * What came of it.
   *
   * @param status of the answer; 0 for none
   * @param date of the answer's {@code Date}
   * @param trouble why there is no answer
   */
  record Answer(int status, Optional<Instant> date, String trouble) {}

  static Answer get(URI uri) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build()) {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(DEADLINE).GET().build();
      HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
      Optional<Instant> date = answer.headers().firstValue("date").flatMap(HttpProbe::parsed);
      return new Answer(answer.statusCode(), date, "");
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what the JDK makes of a Content-Length that is no number.
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return new Answer(0, Optional.empty(), why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, Optional.empty(), "interrupted");
    }
  }

  private static Optional<Instant> parsed(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
