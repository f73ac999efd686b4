package dstack.kms.core.authority;

import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.http.BoundedBody;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One exchange with the webhook: bounded in time and in size, without redirects, proxies or
 * cookies.
 *
 * <p>A connection that the service closed while it lay idle shows only when it is used again. Such
 * a request got no answer at all, and asking for a decision changes nothing, so it is sent once
 * more within the same deadline.
 */
final class WebhookClient implements AutoCloseable {
  private final AuthorityConfig.Webhook config;
  private final AnswerCheck answers;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  WebhookClient(AuthorityConfig.Webhook config, AnswerCheck answers) {
    this.config = config;
    this.answers = answers;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(config.connectTimeout())
            .executor(executor);
    WebhookTlsContext.of(config.tls()).ifPresent(builder::sslContext);
    http = builder.build();
  }

  /** The checked answer. */
  StrictAnswer exchange(HttpRequest request, AnswerCheck.Question question, AnswerShape shape) {
    HttpResponse<BoundedBody> response = send(request);
    String url = request.uri().toString();
    String status = HttpStatusText.of(response.statusCode());
    String body = response.body().beginning(512);
    if (response.statusCode() < 200 || response.statusCode() > 299) {
      throw new RefusalException(
          AuthorityRefusal.UNREACHABLE, "auth api " + url + " returned " + status + ": " + body);
    }
    try {
      answers.check(question, response);
    } catch (RefusalException e) {
      throw e.within("auth api " + url);
    }
    try {
      return StrictAnswer.parse(response.body(), shape);
    } catch (StrictAnswer.Malformed e) {
      throw new RefusalException(AuthorityRefusal.MALFORMED_ANSWER, String.valueOf(e.getMessage()))
          .within(
              "failed to decode response from " + url + ", status=" + status + ", body=" + body);
    }
  }

  private HttpResponse<BoundedBody> send(HttpRequest request) {
    long end = System.nanoTime() + config.totalTimeout().toNanos();
    AtomicBoolean answered = new AtomicBoolean();
    try {
      return attempt(request, end, answered);
    } catch (IOException first) {
      if (answered.get() || first instanceof java.net.ConnectException) {
        throw failed(request.uri(), "the connection failed", first);
      }
      return again(request, end);
    }
  }

  private HttpResponse<BoundedBody> again(HttpRequest request, long end) {
    try {
      return attempt(request, end, new AtomicBoolean());
    } catch (IOException e) {
      throw failed(request.uri(), "the connection failed", e);
    }
  }

  private HttpResponse<BoundedBody> attempt(HttpRequest request, long end, AtomicBoolean answered)
      throws IOException {
    CompletableFuture<HttpResponse<BoundedBody>> exchange =
        http.sendAsync(
            request,
            headers -> {
              answered.set(true);
              return BoundedBody.subscriber(config.maxAnswer());
            });
    try {
      return exchange.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw failed(request.uri(), "no complete answer within " + shown(config.totalTimeout()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(request.uri(), "the request was given up", e);
    } catch (ExecutionException e) {
      throw translated(request.uri(), e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }

  private IOException translated(URI uri, @org.jspecify.annotations.Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException e ->
          throw failed(uri, "no connection within " + shown(config.connectTimeout()), e);
      case IOException e -> e;
      // What the JDK makes of a Content-Length that is no number.
      case NumberFormatException _ -> new ProtocolException("the answer's length is no number");
      case null -> throw new IllegalStateException("an exchange failed without a cause");
      default -> throw new IllegalStateException("an exchange failed unexpectedly", cause);
    };
  }

  /** What the network said stays in the detail: only the operator may see it. */
  private static RefusalException failed(URI uri, String why, Exception cause) {
    String url = uri.getRawPath().isEmpty() ? uri + "/" : uri.toString();
    return RefusalException.causedBy(AuthorityRefusal.UNREACHABLE, why, cause)
        .within("error sending request for url (" + url + ")");
  }

  private static String shown(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  @Override
  public void close() {
    http.shutdownNow();
    executor.shutdownNow();
  }
}
