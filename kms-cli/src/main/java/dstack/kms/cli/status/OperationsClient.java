package dstack.kms.cli.status;

import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks operations listeners; bounded in time and in size, follows no redirect. */
record OperationsClient(InstantSource clock) {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration TOTAL = Duration.ofSeconds(10);
  private static final int MAX_ANSWER = 64 << 10;

  /** What {@code /ready} says, whether or not the server is. */
  ReadyAnswer ready(URI server) {
    HttpResponse<String> answer = get(URI.create(server + "/ready"));
    if (answer.statusCode() != 200 && answer.statusCode() != 503) {
      throw ReadyAnswer.malformed();
    }
    return ReadyAnswer.read(answer.body());
  }

  /** What {@code /status} says; none of a version that has no such page. */
  Optional<NodeStatus> status(URI server) {
    HttpResponse<String> answer = get(URI.create(server + "/status"));
    return switch (answer.statusCode()) {
      case 200 -> Optional.of(NodeStatus.read(answer.body()));
      case 404 -> Optional.empty();
      default -> throw ReadyAnswer.malformed();
    };
  }

  /** Asks all nodes at the same time. */
  FleetView fleet(List<URI> servers) {
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<NodeAnswer>> asked =
          servers.stream().map(server -> each.submit(() -> node(server))).toList();
      return new FleetView(asked.stream().map(OperationsClient::answer).toList());
    }
  }

  private NodeAnswer node(URI server) {
    try {
      Instant before = clock.instant();
      NodeStatus status = status(server).orElseThrow(ReadyAnswer::malformed);
      Duration half = Duration.between(before, clock.instant()).dividedBy(2);
      Duration ahead = Duration.between(before.plus(half), status.clock());
      return new NodeAnswer.Answered(server, status, ahead);
    } catch (RefusalException e) {
      return new NodeAnswer.Silent(server, e);
    }
  }

  private static NodeAnswer answer(Future<NodeAnswer> asked) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking failed", e.getCause());
    }
  }

  private static HttpResponse<String> get(URI address) {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(TOTAL).build();
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      return client.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_ANSWER));
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what the JDK makes of a Content-Length that is no number.
      throw RefusalException.causedBy(StatusRefusal.UNREACHABLE, "no answer from " + address, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RefusalException.causedBy(StatusRefusal.UNREACHABLE, "no answer from " + address, e);
    }
  }
}
