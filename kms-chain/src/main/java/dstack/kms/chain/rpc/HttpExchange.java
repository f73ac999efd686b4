package dstack.kms.chain.rpc;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.http.BoundedBody;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Posts bytes to an endpoint and takes bytes back, without redirects, proxies or cookies.
 *
 * <p>Connections are kept. One that the endpoint closed while it lay idle shows only when it is
 * used again; such a question got no answer at all and is sent once more within the same deadline,
 * if sending it twice is harmless.
 */
final class HttpExchange implements AutoCloseable {
  private final ChainEndpoint endpoint;
  private final ErrorReader foreign;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  HttpExchange(ChainEndpoint endpoint, RpcLimits limits, ErrorReader foreign) {
    this.endpoint = endpoint;
    this.foreign = foreign;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(limits.connectTimeout())
            .executor(executor)
            .build();
  }

  /**
   * The whole body of an answer with status 200.
   *
   * @param repeatable whether the question may be sent again over a fresh connection
   * @param longest how many bytes the answer may have
   */
  Bytes post(Bytes body, Deadline deadline, boolean repeatable, long longest) {
    HttpResponse<BoundedBody> response =
        send(new Post(request(body), longest), deadline, repeatable);
    if (response.statusCode() != 200) {
      throw refused(
          RpcRefusal.HTTP_STATUS,
          "answered with HTTP status " + response.statusCode() + " instead of 200",
          foreign.shown(response.body().beginning(512)));
    }
    if (response.body().cutOff()) {
      throw refused(RpcRefusal.TOO_LARGE, "answered with more than " + longest + " bytes", "");
    }
    return response.body().content();
  }

  private HttpRequest request(Bytes body) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(endpoint.url().requestUri())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toArray()));
    endpoint.url().authorization().ifPresent(value -> builder.header("Authorization", value));
    return builder.build();
  }

  private record Post(HttpRequest request, long longest) {}

  private HttpResponse<BoundedBody> send(Post post, Deadline deadline, boolean again) {
    AtomicBoolean answered = new AtomicBoolean();
    try {
      return attempt(post, deadline, answered);
    } catch (IOException e) {
      if (!again || answered.get() || e instanceof ConnectException) {
        throw broken(e);
      }
      return send(post, deadline, false);
    }
  }

  private HttpResponse<BoundedBody> attempt(Post post, Deadline deadline, AtomicBoolean answered)
      throws IOException {
    if (deadline.hasPassed()) {
      throw refused(RpcRefusal.DEADLINE, "was not asked, as no time was left", "");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw refused(RpcRefusal.DEADLINE, "was not asked, as nobody waits for its answer", "");
    }
    CompletableFuture<HttpResponse<BoundedBody>> exchange =
        http.sendAsync(
            post.request(),
            _ -> {
              answered.set(true);
              return BoundedBody.subscriber(post.longest());
            });
    try {
      return exchange.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw refused(RpcRefusal.DEADLINE, "gave no complete answer in time", "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(RpcRefusal.DEADLINE, "was not waited for any longer", "");
    } catch (ExecutionException e) {
      throw translated(e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }

  private IOException translated(@Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _ ->
          throw refused(RpcRefusal.UNREACHABLE, "took no connection in time", "");
      case IOException e -> e;
      // What the JDK makes of a Content-Length that is no number.
      case NumberFormatException _ -> new ProtocolException("the answer's length is no number");
      case null -> throw new IllegalStateException("an exchange failed without a cause");
      default -> throw new IllegalStateException("an exchange failed unexpectedly", cause);
    };
  }

  /** The causes are not kept: what the JDK says about a request may show its URL. */
  private RefusalException broken(IOException cause) {
    return refused(
        RpcRefusal.UNREACHABLE,
        "cannot be reached, or broke the connection",
        foreign.shown(String.valueOf(cause)));
  }

  private RefusalException refused(RpcRefusal code, String what, String detail) {
    return new RefusalException(code, "the chain endpoint " + endpoint + " " + what, detail);
  }

  @Override
  public void close() {
    http.shutdownNow();
    executor.shutdownNow();
  }
}
