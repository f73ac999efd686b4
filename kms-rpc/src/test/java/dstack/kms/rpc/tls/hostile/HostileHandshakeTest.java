package dstack.kms.rpc.tls.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.TlsEngine;
import dstack.kms.rpc.tls.TestServer;
import dstack.kms.testkit.LogCapture;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * T-36: whatever a client does with the handshake, it is answered only after it proved what it
 * claims to be; both engines, real sockets.
 */
@Timeout(60)
final class HostileHandshakeTest {
  private static final Map<TlsEngine, TestServer> SERVERS = new EnumMap<>(TlsEngine.class);
  private static final TlsEngine[] ENGINES = {TlsEngine.JDK, TlsEngine.BORINGSSL};

  private final Identity me = Identity.fresh();
  private LogCapture log;

  @BeforeAll
  static void serve() {
    for (TlsEngine engine : ENGINES) {
      SERVERS.put(engine, new TestServer(engine));
    }
  }

  @AfterAll
  static void close() {
    SERVERS.values().forEach(TestServer::close);
  }

  @BeforeEach
  void listen() {
    log = new LogCapture();
  }

  /** No attack may be visible to others, nor leave more than one line in the log. */
  @AfterEach
  void othersAreServed() {
    log.close();
    assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
    assertThat(log.lines()).noneMatch(line -> line.contains("Exception"));
    for (TestServer server : SERVERS.values()) {
      try (Tls13 honest = Tls13.connected(server.port(), Optional.of(me))) {
        honest.ask("/");
        assertThat(honest.answer().text()).contains("200 OK", me.name());
      }
    }
  }

  static Stream<Arguments> modern() {
    return eachEngine((Object[]) Attack13.values());
  }

  static Stream<Arguments> old() {
    return eachEngine((Object[]) Attack12.values());
  }

  static Stream<Arguments> late() {
    return eachEngine((Object[]) LateAttack.values());
  }

  static Stream<Arguments> first() {
    return eachEngine((Object[]) FirstBytes.values());
  }

  private static Stream<Arguments> eachEngine(Object... attacks) {
    return Arrays.stream(attacks)
        .flatMap(attack -> Arrays.stream(ENGINES).map(engine -> Arguments.of(engine, attack)));
  }

  private static int port(TlsEngine engine) {
    return Objects.requireNonNull(SERVERS.get(engine)).port();
  }

  @ParameterizedTest
  @EnumSource(names = {"JDK", "BORINGSSL"})
  void answersHonestClientsOfBothVersionsByTheKeyThatTheyProved(TlsEngine engine) {
    for (Optional<Identity> identity :
        java.util.List.of(Optional.of(me), Optional.<Identity>empty())) {
      String expected = identity.map(Identity::name).orElse("no certificate");
      try (Tls13 modern = Tls13.connected(port(engine), identity);
          Tls12 old = Tls12.connected(port(engine), identity)) {
        modern.ask("/");
        old.ask("/");
        assertThat(modern.answer().text()).contains("200 OK", expected);
        assertThat(old.answer().text()).contains("200 OK", expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modern")
  void t36_refusesAHandshakeOfTls13ThatIsNotOne(TlsEngine engine, Attack13 attack) {
    try (Tls13 client = Tls13.greeted(port(engine))) {
      attack.run(client, me);
      client.ask("/");
      assertRefused(client.answer());
    }
  }

  @ParameterizedTest
  @MethodSource("old")
  void t36_refusesAHandshakeOfTls12ThatIsNotOne(TlsEngine engine, Attack12 attack) {
    try (Tls12 client = Tls12.greeted(port(engine))) {
      attack.run(client, me);
      client.ask("/");
      assertRefused(client.answer());
    }
  }

  @ParameterizedTest
  @MethodSource("late")
  void t36_refusesWhatDoesNotBelongBehindTheHandshake(TlsEngine engine, LateAttack attack) {
    try (Tls13 client = Tls13.connected(port(engine), Optional.empty())) {
      attack.run(client, me);
      client.ask("/");
      Answer answer = client.answer();
      assertThat(answer.isAnswered()).as(answer.toString()).isFalse();
      assertThat(answer.isAlerted() || answer.isReset() || attack.isFarewell())
          .as(answer.toString())
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("first")
  void t36_refusesFirstBytesThatAreNoHello(TlsEngine engine, FirstBytes attack) {
    try (Connection wire = new Connection(port(engine))) {
      wire.send(attack.bytes());
      wire.finishSending();
      Answer answer = new Answer();
      for (var record = wire.read(); record.isPresent(); record = wire.read()) {
        answer.add(record.get());
      }
      answer.ended(wire.hungUp());
      assertThat(answer.isAnswered()).as(answer.toString()).isFalse();
      if (attack.needsAlert(engine == TlsEngine.BORINGSSL)) {
        assertRefused(answer);
      }
    }
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.isAnswered()).as(answer.toString()).isFalse();
    assertThat(answer.isAlerted() || answer.isReset()).as(answer.toString()).isTrue();
  }
}
