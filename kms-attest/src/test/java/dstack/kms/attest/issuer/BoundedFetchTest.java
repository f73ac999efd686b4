package dstack.kms.attest.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Specification 14 §11.1; T-23 and T-25 of specification 40. */
class BoundedFetchTest {
  private static final Bytes BODY = Bytes.utf8("a document");
  private static final BoundedFetch.Limits SHORT =
      new BoundedFetch.Limits(Duration.ofMillis(300), Duration.ofMillis(500));

  private static BoundedFetch loopback(BoundedFetch.Limits limits) {
    return new BoundedFetch(HostPatterns.google(), Reach.PUBLIC_AND_LOOPBACK, limits);
  }

  private static RefusalException refusal(LoopbackServer server, BoundedFetch.Limits limits) {
    try (BoundedFetch fetch = loopback(limits)) {
      return catchThrowableOfType(RefusalException.class, () -> fetch.get(server.uri("/crl")));
    }
  }

  private static void assertUnavailable(RefusalException refusal, String detail) {
    assertThat(refusal.code()).isEqualTo(IssuerRefusal.UNAVAILABLE);
    assertThat(refusal.detail()).contains(detail);
  }

  @Test
  void fetchesWhatIsThere() {
    try (LoopbackServer server =
            new LoopbackServer((request, out) -> out.write(LoopbackServer.ok(BODY.toArray())));
        BoundedFetch fetch = loopback(BoundedFetch.Limits.DEFAULT)) {
      assertThat(fetch.get(server.uri("/a/b.crl?x=1"))).isEqualTo(BODY);
      assertThat(server.requests())
          .containsExactly(
              "GET /a/b.crl?x=1 HTTP/1.1\r\nHost: 127.0.0.1:"
                  + server.port()
                  + "\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: /elsewhere\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\n\r\n",
        "HTTP/1.1 500 Oh\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 206 Partial Content\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n",
        "\r\n\r\n"
      })
  void t25_followsNoRedirectAndTakesNoOtherStatus(String head) {
    try (LoopbackServer server = LoopbackServer.serving(head, new byte[0])) {
      assertUnavailable(refusal(server, BoundedFetch.Limits.DEFAULT), server.uri("/crl"));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void t23_serverThatNeverAnswersCostsTheWholeTimeAndNoMore() {
    CountDownLatch end = new CountDownLatch(1);
    try (LoopbackServer server = new LoopbackServer((request, out) -> end.await())) {
      assertUnavailable(refusal(server, SHORT), "");
      end.countDown();
    }
  }

  @Test
  void t23_serverThatDripsIsCutOffAtTheWholeTime() {
    try (LoopbackServer server =
        new LoopbackServer(
            (request, out) -> {
              out.write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              CountDownLatch never = new CountDownLatch(1);
              while (!never.await(20, TimeUnit.MILLISECONDS)) {
                out.write(0);
                out.flush();
              }
            })) {
      assertUnavailable(refusal(server, SHORT), "");
    }
  }

  @Test
  void t23_handshakeThatDripsIsCutOffAtTheWholeTime() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        BoundedFetch fetch = loopback(SHORT)) {
      Thread.ofVirtual().start(() -> drip(server, gone));
      assertThatThrownBy(() -> fetch.get("https://127.0.0.1:" + server.getLocalPort() + "/crl"))
          .isInstanceOf(RefusalException.class)
          .hasMessage("an issuer's document cannot be fetched");
      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A TLS record of 16 KiB, one byte at a time, until the client is gone. */
  private static void drip(ServerSocket server, CountDownLatch gone) {
    try (Socket client = server.accept()) {
      client.getOutputStream().write(Bytes.fromHex("1603034000").toArray());
      CountDownLatch never = new CountDownLatch(1);
      while (!never.await(20, TimeUnit.MILLISECONDS)) {
        client.getOutputStream().write(2);
      }
    } catch (IOException e) {
      gone.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void t23_bodiesAreBounded() {
    byte[] exact = new byte[HttpResponse.MAX_BODY];
    byte[] huge = new byte[HttpResponse.MAX_BODY + 1];
    try (LoopbackServer server = LoopbackServer.serving("HTTP/1.1 200 OK\r\n\r\n", exact);
        BoundedFetch fetch = loopback(BoundedFetch.Limits.DEFAULT)) {
      assertThat(fetch.get(server.uri("/"))).isEqualTo(Bytes.zeros(exact.length));
    }
    try (LoopbackServer server = LoopbackServer.serving("HTTP/1.1 200 OK\r\n\r\n", huge)) {
      assertUnavailable(refusal(server, BoundedFetch.Limits.DEFAULT), "more than 1048576 bytes");
    }
  }

  @Test
  void t25_namesThatStandForPrivateAddressesAreRefusedWithoutAConnection() throws Exception {
    try (LoopbackServer server =
        new LoopbackServer((request, out) -> out.write(LoopbackServer.ok(BODY.toArray())))) {
      InetAddress here = InetAddress.getLoopbackAddress();
      InetAddress there = InetAddress.getByAddress(new byte[] {8, 8, 8, 8});
      for (InetAddress[] found :
          List.of(
              new InetAddress[] {here},
              new InetAddress[] {there, here},
              new InetAddress[] {InetAddress.ofLiteral("169.254.169.254")},
              new InetAddress[] {InetAddress.ofLiteral("::1")},
              new InetAddress[0])) {
        try (BoundedFetch fetch =
            new BoundedFetch(HostPatterns.google(), Reach.PUBLIC, SHORT, host -> found)) {
          assertThatThrownBy(() -> fetch.get("http://pki.goog/crl"))
              .isInstanceOf(RefusalException.class)
              .hasMessage("an issuer's document cannot be fetched");
        }
      }
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void t25_nameOfTheLoopbackThatLeadsElsewhereIsRefused() throws Exception {
    InetAddress there = InetAddress.getByAddress(new byte[] {8, 8, 8, 8});
    try (BoundedFetch fetch =
        new BoundedFetch(
            HostPatterns.google(),
            Reach.PUBLIC_AND_LOOPBACK,
            SHORT,
            host -> new InetAddress[] {there})) {
      assertUnavailable(
          catchThrowableOfType(RefusalException.class, () -> fetch.get("http://localhost:1/")),
          "localhost stands for 8.8.8.8");
    }
  }

  @Test
  void t25_theNameIsResolvedOnce() {
    AtomicInteger asked = new AtomicInteger();
    try (LoopbackServer server =
            new LoopbackServer((request, out) -> out.write(LoopbackServer.ok(BODY.toArray())));
        BoundedFetch fetch =
            new BoundedFetch(
                HostPatterns.google(),
                Reach.PUBLIC_AND_LOOPBACK,
                BoundedFetch.Limits.DEFAULT,
                host -> {
                  asked.incrementAndGet();
                  return new InetAddress[] {InetAddress.getLoopbackAddress()};
                })) {
      assertThat(fetch.get("http://localhost:" + server.port() + "/")).isEqualTo(BODY);
      assertThat(asked).hasValue(1);
    }
  }

  private static BoundedFetch mirror(String service, InetAddress found) {
    return BoundedFetch.withService(
        URI.create(service),
        HostPatterns.of("kdsintf.amd.com"),
        Reach.PUBLIC,
        BoundedFetch.Limits.DEFAULT,
        host -> new InetAddress[] {found});
  }

  @Test
  void fetchesBelowTheOperatorsServiceWhereverItLies() {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (LoopbackServer server =
        new LoopbackServer((request, out) -> out.write(LoopbackServer.ok(BODY.toArray())))) {
      for (String end : List.of("", "/", "//")) {
        String service = "http://kds-proxy:" + server.port() + "/vcek/v1";
        try (BoundedFetch fetch = mirror(service + end, here)) {
          assertThat(fetch.get(service + "/Milan/crl")).isEqualTo(BODY);
        }
      }
      assertThat(server.requests()).hasSize(3);
      assertThat(server.requests().getFirst())
          .startsWith("GET /vcek/v1/Milan/crl HTTP/1.1\r\nHost: kds-proxy:" + server.port());
    }
  }

  @Test
  void t25_asksNothingElseAtTheHostOfTheOperatorsService() {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (LoopbackServer server =
        new LoopbackServer((request, out) -> out.write(LoopbackServer.ok(BODY.toArray())))) {
      String host = "http://kds-proxy:" + server.port();
      try (BoundedFetch fetch = mirror(host + "/vcek/v1", here)) {
        for (String other :
            List.of(
                host + "/vcek/v1",
                host + "/vcek/v2/Milan/crl",
                host + "/vcek/v1x",
                host + "/",
                host + "/vcek/v1/../../admin",
                host + "/vcek/v1/Milan/./crl",
                host + "/vcek/v1/#fragment",
                host.replace("http:", "https:") + "/vcek/v1/Milan/crl",
                host.replace("//", "//user@") + "/vcek/v1/Milan/crl",
                "http://kds-proxy/vcek/v1/Milan/crl",
                "http://localhost:" + server.port() + "/vcek/v1/Milan/crl",
                "http://127.0.0.1:" + server.port() + "/vcek/v1/Milan/crl")) {
          assertThatThrownBy(() -> fetch.get(other))
              .as(other)
              .isInstanceOfSatisfying(
                  RefusalException.class,
                  refusal -> assertThat(refusal.code()).isEqualTo(IssuerRefusal.ADDRESS));
        }
        // An allowed host is asked under the rules for addresses out of certificates.
        assertUnavailable(
            catchThrowableOfType(
                RefusalException.class, () -> fetch.get("https://kdsintf.amd.com/other/crl")),
            "kdsintf.amd.com stands for 127.0.0.1");
      }
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void unknownNamesAreUnavailable() {
    try (BoundedFetch fetch =
        new BoundedFetch(
            HostPatterns.google(),
            Reach.PUBLIC,
            SHORT,
            host -> {
              throw new UnknownHostException(host);
            })) {
      assertUnavailable(
          catchThrowableOfType(RefusalException.class, () -> fetch.get("http://pki.goog/x")),
          "UnknownHostException");
    }
  }

  @Test
  void oneRequestServesAllWhoAskAtTheSameTime() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (LoopbackServer server =
            new LoopbackServer(
                (request, out) -> {
                  arrived.countDown();
                  go.await();
                  out.write(LoopbackServer.ok(BODY.toArray()));
                });
        BoundedFetch fetch = loopback(BoundedFetch.Limits.DEFAULT)) {
      List<CompletableFuture<Bytes>> answers = new ArrayList<>();
      CountDownLatch asking = new CountDownLatch(8);
      for (int i = 0; i < 8; i++) {
        CompletableFuture<Bytes> answer = new CompletableFuture<>();
        answers.add(answer);
        Thread.ofVirtual()
            .start(
                () -> {
                  asking.countDown();
                  answer.complete(fetch.get(server.uri("/same")));
                });
      }
      arrived.await();
      asking.await();
      go.countDown();
      for (CompletableFuture<Bytes> answer : answers) {
        assertThat(answer.get()).isEqualTo(BODY);
      }
      // Whoever asked after the answer was complete may have asked again, but nobody beside it.
      assertThat(server.requests().size()).isLessThan(8);
    }
  }

  @Test
  void t23_requestsAtATimeAreBounded() throws Exception {
    CountDownLatch arrived = new CountDownLatch(16);
    CountDownLatch end = new CountDownLatch(1);
    try (LoopbackServer server =
            new LoopbackServer(
                (request, out) -> {
                  arrived.countDown();
                  end.await();
                });
        BoundedFetch fetch = loopback(BoundedFetch.Limits.DEFAULT)) {
      for (int i = 0; i < 16; i++) {
        String uri = server.uri("/" + i);
        Thread.ofVirtual().start(() -> assertThatThrownBy(() -> fetch.get(uri)).isNotNull());
      }
      arrived.await();
      assertUnavailable(
          catchThrowableOfType(RefusalException.class, () -> fetch.get(server.uri("/more"))),
          "too many requests are under way");
      end.countDown();
    }
  }
}
