package dstack.kms.core.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dstack.kms.core.answer.AnswerSeal;
import dstack.kms.core.answer.AnswerSigner;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that must be signed (ADR 0016b): whoever sits between a node and its authority can write
 * none (T-16).
 */
@Timeout(20)
class SignedAnswerTest {
  private static final String ALLOW =
      "{\"isAllowed\":true,\"gatewayAppId\":\"gw\",\"reason\":\"\"}";
  private static final String DENY =
      "{\"isAllowed\":false,\"gatewayAppId\":\"\",\"reason\":\"no\"}";
  private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000);

  private final SecureRandom random = new SecureRandom();
  private final P256PrivateKey key = P256PrivateKey.generate(random);
  private Instant serverTime = NOW;
  private Sealing sealing = this::seal;
  private HttpServer server;

  /** What stands in the header of an answer. */
  private interface Sealing {
    String header(HttpExchange exchange, Bytes request);
  }

  @BeforeEach
  void startsTheService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stopsTheService() {
    server.stop(0);
    key.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    Bytes request = Bytes.of(exchange.getRequestBody().readAllBytes());
    String header = sealing.header(exchange, request);
    if (!header.isEmpty()) {
      exchange.getResponseHeaders().add("X-Auth-Answer", header);
    }
    byte[] body = Bytes.utf8(ALLOW).toArray();
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String seal(HttpExchange exchange, Bytes request) {
    return seal(key, question(exchange), nonce(exchange), request, ALLOW).text();
  }

  private AnswerSeal seal(
      P256PrivateKey signing, String question, Bytes nonce, Bytes request, String answer) {
    AnswerSigner signer = new AnswerSigner(signing, () -> serverTime);
    return signer.seal(question, nonce, request, 200, Bytes.utf8(answer));
  }

  private static String question(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().substring(1);
  }

  private static Bytes nonce(HttpExchange exchange) {
    return Bytes.fromHex(exchange.getRequestHeaders().getFirst("X-Auth-Nonce"));
  }

  private WebhookAuthority authority() {
    String spki = key.publicKey().subjectPublicKeyInfo().hex();
    Map<String, String> flags =
        Map.of(
            "core.auth_api.webhook.url",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "core.auth_api.webhook.answer_key",
            spki);
    KmsConfig config = KmsConfig.load(ConfigSources.none().withFlags(flags));
    return new WebhookAuthority(
        (AuthorityConfig.Webhook) config.authority(), "1.2.3", () -> NOW, random);
  }

  private void refuses(AuthorityRefusal reason) {
    try (WebhookAuthority authority = authority()) {
      assertThatThrownBy(() -> authority.decideApp(BootInfos.example()))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
    }
  }

  @Test
  void takesAnAnswerThatIsSignedForThisQuestion() {
    try (WebhookAuthority authority = authority()) {
      assertThat(authority.decideApp(BootInfos.example())).isEqualTo(new Decision.Allowed("gw"));
      assertThat(authority.decideKms(BootInfos.example())).isEqualTo(new Decision.Allowed("gw"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1", "signed", "v1 1790000000 00"})
  void t16_refusesAnAnswerWithoutASignature(String header) {
    sealing = (_, _) -> header;
    refuses(AuthorityRefusal.UNSIGNED_ANSWER);
  }

  @Test
  void t16_refusesTheSignatureOfAnotherKey() {
    P256PrivateKey other = P256PrivateKey.generate(random);
    sealing =
        (exchange, request) ->
            seal(other, question(exchange), nonce(exchange), request, ALLOW).text();
    refuses(AuthorityRefusal.UNSIGNED_ANSWER);
  }

  @Test
  void t16_refusesTheSignatureOfAnotherAnswer() {
    sealing =
        (exchange, request) -> seal(key, question(exchange), nonce(exchange), request, DENY).text();
    refuses(AuthorityRefusal.UNSIGNED_ANSWER);
  }

  @Test
  void t16_refusesTheSignatureOfAnAnswerToAnotherQuestion() {
    sealing =
        (exchange, request) -> seal(key, "bootAuth/kms", nonce(exchange), request, ALLOW).text();
    refuses(AuthorityRefusal.UNSIGNED_ANSWER);
    sealing =
        (exchange, _) ->
            seal(key, question(exchange), nonce(exchange), Bytes.utf8("{}"), ALLOW).text();
    refuses(AuthorityRefusal.UNSIGNED_ANSWER);
  }

  /** An answer of a minute ago may have been revoked since. */
  @Test
  void t16_refusesAnAnswerThatWasGivenBefore() {
    Bytes before = Bytes.zeros(16);
    sealing = (exchange, request) -> seal(key, question(exchange), before, request, ALLOW).text();
    refuses(AuthorityRefusal.UNSIGNED_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(longs = {-61, 61, -86_400})
  void t16_refusesAnAnswerOfAnotherTime(long seconds) {
    serverTime = NOW.plusSeconds(seconds);
    refuses(AuthorityRefusal.STALE_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(longs = {-60, 0, 60})
  void takesAnAnswerWithinTheToleranceOfClocks(long seconds) {
    serverTime = NOW.plusSeconds(seconds);
    try (WebhookAuthority authority = authority()) {
      assertThat(authority.decideApp(BootInfos.example())).isEqualTo(new Decision.Allowed("gw"));
    }
  }

  @Test
  void t16_refusesTwoSignatures() {
    sealing =
        (exchange, request) -> {
          exchange.getResponseHeaders().add("X-Auth-Answer", seal(exchange, request));
          return seal(exchange, request);
        };
    refuses(AuthorityRefusal.UNSIGNED_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "zz", "3059301306072a8648ce3d020106082a8648ce3d030107034200"})
  void refusesAConfiguredKeyThatIsNone(String text) {
    Map<String, String> flags = Map.of("core.auth_api.webhook.answer_key", text);
    assertThatThrownBy(() -> KmsConfig.load(ConfigSources.none().withFlags(flags)))
        .isInstanceOf(RefusalException.class)
        .hasMessageContaining("core.auth_api.webhook.answer_key");
  }
}
