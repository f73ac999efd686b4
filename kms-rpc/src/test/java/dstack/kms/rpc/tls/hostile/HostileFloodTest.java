package dstack.kms.rpc.tls.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.TlsEngine;
import dstack.kms.rpc.tls.TestServer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * T-36: floods and pieces that TLS allows. An engine may end the connection or go on; what it
 * answers is answered to whoever proved a key, and others are served meanwhile.
 */
@Timeout(60)
final class HostileFloodTest {
  private static final int MANY = 2_000;
  private final Identity me = Identity.fresh();

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void t36_takesAHelloInPiecesOfOneByte(TlsEngine engine) {
    try (TestServer server = new TestServer(engine)) {
      Hello hello = Hello.modern();
      try (Tls13 client = new Tls13(server.port(), hello)) {
        for (byte piece : hello.message()) {
          client.wire.send(Wire.record(22, 0x0301, Wire.bytes(piece)));
        }
        finish(client);
        assertThat(client.answer().text()).contains("200 OK", me.name());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void t36_answersNoEarlyData(TlsEngine engine) {
    try (TestServer server = new TestServer(engine)) {
      Hello hello = Hello.modern().with(42, Wire.NOTHING);
      try (Tls13 client = new Tls13(server.port(), hello)) {
        client.wire.send(Wire.record(22, 0x0301, hello.message()));
        client.wire.send(Wire.record(23, 0x0303, Request.get("/early")));
        client.wire.finishSending();
        Answer answer = client.answer();
        assertThat(answer.isAnswered()).as(answer.toString()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void t36_survivesFloodsOfWhatIsAllowed(TlsEngine engine) {
    try (TestServer server = new TestServer(engine)) {
      List<java.util.function.Consumer<Tls13>> floods =
          List.of(
              client -> client.updateKeys(0),
              client -> client.updateKeys(1),
              client -> client.underKeys(23, Wire.NOTHING));
      for (var flood : floods) {
        try (Tls13 client = Tls13.connected(server.port(), Optional.empty())) {
          for (int i = 0; i < MANY && !client.wire.hungUp(); i++) {
            flood.accept(client);
          }
          client.ask("/");
          client.wire.finishSending();
          assertThat(client.answer().text()).doesNotContain(me.name());
        }
        assertServes(server);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void t36_servesOthersWhileHandshakesStandStill(TlsEngine engine) {
    try (TestServer server = new TestServer(engine)) {
      List<Tls13> waiting =
          java.util.stream.IntStream.range(0, 50)
              .mapToObj(_ -> Tls13.greeted(server.port()))
              .toList();
      assertServes(server);
      waiting.forEach(Tls13::close);
    }
  }

  private void finish(Tls13 client) {
    client.readFlight();
    client.underHandshakeKeys(client.certificate(Optional.of(me)));
    client.underHandshakeKeys(client.verify(me));
    client.underHandshakeKeys(client.finished());
    client.ask("/");
  }

  private void assertServes(TestServer server) {
    try (Tls13 honest = Tls13.connected(server.port(), Optional.of(me))) {
      honest.ask("/");
      assertThat(honest.answer().text()).contains("200 OK", me.name());
    }
  }
}
