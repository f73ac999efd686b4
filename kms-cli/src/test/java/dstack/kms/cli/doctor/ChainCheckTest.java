package dstack.kms.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dstack.kms.chain.account.Address;
import dstack.kms.cli.doctor.Finding.Level;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.testkit.Anvil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the doctor finds at a real chain, and behind a relay that leaves one method out. */
final class ChainCheckTest {
  private static final Duration OLDEST = Duration.ofMinutes(2);

  private static Anvil anvil;
  private static HttpServer relay;

  @BeforeAll
  static void open() throws IOException {
    anvil = Anvil.start("--chain-id", "84532");
    relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    relay.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] answer =
              passedOn(body.replace("eth_getProof", "eth_none")).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    relay.start();
  }

  @AfterAll
  static void close() {
    relay.stop(0);
    anvil.close();
  }

  private static String passedOn(String body) throws IOException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(anvil.url())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static List<Finding> look(InstantSource clock, ChainCheck check) {
    return check.look(clock);
  }

  private static List<Finding> look(ChainCheck check) {
    return look(InstantSource.system(), check);
  }

  private static ChainCheck at(URI url, long chain, Optional<Address> contract) {
    return new ChainCheck(
        List.of(RpcUrl.of(url.toString())), Optional.of(chain), contract, true, OLDEST);
  }

  private static List<Finding> bad(List<Finding> found) {
    return found.stream().filter(each -> each.level() != Level.OK).toList();
  }

  @Test
  void findsNothingWrongWithAnEndpointThatCanEverything() {
    List<Finding> found = look(at(anvil.url(), 84532, Optional.empty()));
    assertThat(bad(found)).isEmpty();
    assertThat(found).extracting(Finding::found).contains("it is chain 84532");
  }

  @Test
  void findsAnotherChainAndAsksItNothingElse() {
    List<Finding> found = look(at(anvil.url(), 8453, Optional.empty()));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().level()).isEqualTo(Level.PROBLEM);
    assertThat(found.getFirst().found()).isEqualTo("it is chain 84532, expected 8453");
  }

  @Test
  void findsAHeadThatIsOld() {
    List<Finding> bad =
        bad(
            look(
                () -> Instant.now().plus(Duration.ofMinutes(10)),
                at(anvil.url(), 84532, Optional.empty())));
    assertThat(bad).hasSize(1);
    assertThat(bad.getFirst().check()).endsWith(" head");
  }

  @Test
  void findsAnAddressWithoutAContract() {
    Address nobody = Address.parse("0x00000000000000000000000000000000000000aa");
    List<Finding> bad = bad(look(at(anvil.url(), 84532, Optional.of(nobody))));
    assertThat(bad).hasSize(1);
    assertThat(bad.getFirst().found()).startsWith("there is no code at ");
  }

  @Test
  void findsAnEndpointWithoutProofsWhereTheyAreNeeded() {
    URI url = URI.create("http://127.0.0.1:" + relay.getAddress().getPort());
    List<Finding> bad = bad(look(at(url, 84532, Optional.empty())));
    assertThat(bad).hasSize(1);
    assertThat(bad.getFirst().check()).endsWith(" proofs");
    ChainCheck without =
        new ChainCheck(
            List.of(RpcUrl.of(url.toString())), Optional.empty(), Optional.empty(), false, OLDEST);
    assertThat(bad(look(without))).isEmpty();
  }

  @Test
  void findsAnEndpointThatDoesNotAnswer() {
    List<Finding> found = look(at(URI.create("http://127.0.0.1:1"), 1, Optional.empty()));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().level()).isEqualTo(Level.UNREACHABLE);
    assertThat(found.getFirst().advice()).isNotBlank();
  }
}
