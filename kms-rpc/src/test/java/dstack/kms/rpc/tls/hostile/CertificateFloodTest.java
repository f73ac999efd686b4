package dstack.kms.rpc.tls.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.TlsEngine;
import dstack.kms.rpc.http.HttpLimits;
import dstack.kms.rpc.http.HttpObserver;
import dstack.kms.rpc.tls.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * T-36: certificates as large as may be, on as many connections as may be. Of 250,000 bytes beyond
 * the free 16 KiB of each, two of 120 KiB have room, and a third has not.
 */
@Timeout(60)
final class CertificateFloodTest {
  private static final HttpLimits LIMITS = HttpLimits.SMALL.withCertificates(250_000);

  private final Identity small = Identity.with(9 << 10);
  private final Identity large = Identity.with(120 << 10);
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final HttpObserver observer =
      new HttpObserver() {
        @Override
        public void handshake(Duration took) {
          done.incrementAndGet();
        }

        @Override
        public void certificatesRefused() {
          refused.incrementAndGet();
        }
      };

  private boolean serves(TestServer server, Identity whom) {
    try (Tls13 client = Tls13.connected(server.port(), Optional.of(whom))) {
      return isServed(client, whom);
    }
  }

  private static boolean isServed(Tls13 client, Identity whom) {
    client.ask("/");
    return client.answer().text().contains(whom.name());
  }

  /** A connection of which the certificate is under way, and of which the rest does not come. */
  private Tls13 halfPresented(TestServer server) {
    Tls13 client = Tls13.greeted(server.port());
    byte[] message = client.certificate(Optional.of(large));
    client.underHandshakeKeys(Wire.slice(message, 0, message.length - 100));
    return client;
  }

  private static void await(AtomicInteger counter, int number) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (counter.get() < number) {
      assertThat(System.nanoTime()).as("%s of %s", counter, number).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** Well before the time for a handshake is over. */
  private void servesLargeOnesAgain(TestServer server) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!serves(server, large)) {
      assertThat(System.nanoTime()).isLessThan(end);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void t36_closesLargeOnesBeyondTheMemoryAndServesAllOthers(TlsEngine engine) {
    try (TestServer server = new TestServer(engine, LIMITS, observer);
        Tls13 one = Tls13.connected(server.port(), Optional.of(large));
        Tls13 two = Tls13.connected(server.port(), Optional.of(large))) {
      await(done, 2);
      assertThat(serves(server, large)).isFalse();
      assertThat(refused).hasValue(1);
      assertThat(serves(server, small)).isTrue();
      assertThat(isServed(one, large)).isTrue();
      assertThat(isServed(two, large)).isTrue();
      servesLargeOnesAgain(server);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void t36_countsCertificatesThatNeverEndUntilTheirClientsLeave(TlsEngine engine) {
    try (TestServer server = new TestServer(engine, LIMITS, observer)) {
      List<Tls13> stalled = Stream.generate(() -> halfPresented(server)).limit(3).toList();
      await(refused, 1);
      assertThat(serves(server, small)).isTrue();
      assertThat(done).hasValue(1);
      stalled.forEach(Tls13::close);
      servesLargeOnesAgain(server);
    }
  }
}
