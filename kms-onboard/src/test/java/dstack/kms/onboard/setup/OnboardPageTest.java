package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.testing.Browser;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page's way through Onboard, with what a source answers in the test's hands. */
final class OnboardPageTest {
  private static final String SOURCE = "https://127.0.0.1:12001";

  private final RecordingNode node = new RecordingNode();
  private HttpServer server;
  private Browser browser;

  @BeforeEach
  void start() throws IOException {
    Map<String, String> flags =
        Map.of(
            "core.onboard.address", "127.0.0.1",
            "core.onboard.port", "0",
            "core.onboard.peers", SOURCE,
            "core.onboard.domain", "kms.example.com");
    browser = new Browser();
    Surroundings around =
        new Surroundings("East", "v9", 8443, InstantSource.system(), new SecureRandom());
    server =
        new SetupListener(node, new NodeMetrics(), around)
            .start(KmsConfig.load(ConfigSources.none().withFlags(flags)).onboard());
  }

  @AfterEach
  void stop() {
    browser.close();
    server.close();
  }

  @Test
  void offersThePeersAndSaysThatTheKeyIsTheSources() {
    open();
    assertThat(browser.find("#onboard-source").getDomProperty("value")).isEqualTo(SOURCE);
    assertThat(browser.find("#onboard-domain").getDomProperty("value"))
        .isEqualTo("kms.example.com");
    browser.find("#onboard-domain").sendKeys(Keys.ENTER);

    browser.awaitText("#verdict", "The k256 public key is the source's.");
    assertThat(node.sources).containsExactly(SOURCE);
    browser.screenshot("onboard-keys");
    browser.find("#finish").click();
    browser.awaitText("#service", "https://kms.example.com:8443");
    assertThat(node.finished).hasValue(1);
  }

  @Test
  void warnsOfKeysThatAreNotTheSources() {
    node.sourceKey = Bytes.fromHex("05");
    open();
    browser.find("#onboard-domain").sendKeys(Keys.ENTER);

    browser.awaitText("#verdict.bad", "The k256 public key is not the source's.");
  }

  @Test
  void goesBackToTheChoice() {
    open();
    browser.find("#onboard-form .back").click();

    assertThat(browser.awaitText("#choose-bootstrap", "Bootstrap")).isEqualTo("Bootstrap");
    assertThat(browser.find("#onboard-form").isDisplayed()).isFalse();
    assertThat(node.sources).isEmpty();
  }

  private void open() {
    browser.open("http://127.0.0.1:" + server.port() + "/");
    browser.awaitText("#version", "v9");
    browser.find("#choose-onboard").click();
  }
}
