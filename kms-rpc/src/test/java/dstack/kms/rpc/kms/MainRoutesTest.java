package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.LimitsConfig;
import dstack.kms.core.config.Rate;
import dstack.kms.rpc.http.Curl;
import dstack.kms.rpc.http.HttpReply;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.http.Listener;
import dstack.kms.rpc.limit.LimitObserver;
import dstack.kms.rpc.limit.LimitedRoutes;
import dstack.kms.rpc.prpc.PrpcEndpoint;
import dstack.kms.rpc.prpc.RefusalObserver;
import dstack.kms.rpc.prpc.RpcService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Specification 01 §1: what the main listener has beside its methods. */
final class MainRoutesTest {
  private static final Rate THREE = new Rate(3, Duration.ofHours(1));

  private final Queue<Boolean> onOwnThreads = new ConcurrentLinkedQueue<>();
  private HttpServer server;

  private void serve(Optional<Supplier<HttpReply>> metrics) throws IOException {
    MainRoutes routes =
        new MainRoutes(
            new PrpcEndpoint(new RpcService("KMS", List.of()), _ -> 100, RefusalObserver.NONE),
            metrics);
    LimitsConfig limits =
        new LimitsConfig(
            Optional.empty(), Optional.of(THREE), Optional.empty(), Optional.empty(), List.of());
    server =
        HttpServer.start(
            Listener.plain(
                "main",
                new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0),
                new LimitedRoutes(routes, limits, () -> 0, LimitObserver.NONE)));
  }

  @BeforeEach
  void listen() throws IOException {
    serve(Optional.of(this::counted));
  }

  private HttpReply counted() {
    onOwnThreads.add(Thread.currentThread().isVirtual());
    return HttpReply.text(200, "counters");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String ask(String from, String path) {
    return Curl.run("-i", "--interface", from, "http://127.0.0.1:" + server.port() + path);
  }

  @Test
  void holdsWhoeverReadsTheMetricsTooOftenBackAndNobodyElse() {
    for (int i = 0; i < 3; i++) {
      assertThat(ask("127.0.0.2", "/metrics")).endsWith("counters");
    }
    for (int i = 0; i < 9; i++) {
      assertThat(ask("127.0.0.2", "/metrics")).startsWith("HTTP/1.1 429 ");
    }
    assertThat(ask("127.0.0.2", "/health")).endsWith("OK");
    assertThat(ask("127.0.0.3", "/metrics")).endsWith("counters");
    assertThat(ask("127.0.0.3", "/prpc/GetMeta?json")).contains("Service not found");
    assertThat(onOwnThreads).hasSize(4).containsOnly(true);
  }

  @Test
  void hasNoMetricsWhereTheyAreSwitchedOff() throws IOException {
    server.close();
    serve(Optional.empty());
    assertThat(ask("127.0.0.2", "/metrics")).startsWith("HTTP/1.1 404 ");
    assertThat(ask("127.0.0.2", "/health")).endsWith("OK");
  }
}
