package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.onboard.node.NodeRunner;
import dstack.kms.onboard.testing.Browser;
import dstack.kms.onboard.testing.Curl;
import dstack.kms.onboard.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The set-up page of a whole node in a real browser; nothing leaves the page's origin. */
final class SetupPageBrowserTest {
  @TempDir private Path folder;
  private TestNode surroundings;
  private Browser browser;

  @BeforeEach
  void start() throws IOException {
    browser = new Browser();
    surroundings = TestNode.in(folder);
  }

  @AfterEach
  void stop() throws IOException {
    browser.close();
    surroundings.close();
  }

  @Test
  void bootstrapsWithTheKeyboardAlone() throws InterruptedException {
    try (NodeRunner node = surroundings.start(Map.of())) {
      browser.open(page());
      browser.awaitText("#preflight-verdict", "Nothing stands in the way.");
      browser.awaitText("#commands", "kms gov device add 0x");
      browser.screenshot("bootstrap-1-before");

      browser.tabTo("choose-bootstrap").type(Keys.ENTER);
      browser.tabTo("bootstrap-domain").type("localhost", Keys.ENTER);
      String verdict = browser.awaitText("#verdict", "attestation verifies");
      assertThat(verdict).contains("its report data is that of these two keys");
      browser.awaitText("#steps", "storing keys and certificates: done");
      String k256 = browser.awaitText("#result-k256 code", "0x");
      browser.screenshot("bootstrap-2-keys");

      browser.tabTo("finish").type(Keys.ENTER);
      assertThat(browser.awaitText("#service", "https://localhost:")).isNotEmpty();
      browser.awaitText("#status-command", "kms status https://localhost:");
      browser.screenshot("bootstrap-3-finished");

      TestNode.ready(node);
      Curl.Reply meta = Curl.run("-k", surroundings.https("/prpc/GetMeta"));
      assertThat(meta.body()).contains("\"k256_pubkey\":\"" + k256.substring(2) + "\"");
      assertNothingLeftTheOrigin();
    }
  }

  @Test
  void saysWhatWouldAllowThisMachineAndSeesWhenItIsAllowed() throws IOException {
    Path policy = folder.resolve("policy.json");
    Files.writeString(policy, "{}");
    Map<String, String> file =
        Map.of("core.auth_api.type", "file", "core.auth_api.file.path", policy.toString());
    try (NodeRunner _ = surroundings.start(file)) {
      browser.open(page());
      browser.awaitText("#check-allowed .says", "no: OS image is not allowed");
      String command = browser.awaitText("#check-allowed .copyable code", "kms gov image add 0x");
      browser.screenshot("preflight-1-image-not-allowed");

      String image = command.substring(command.indexOf("0x"));
      Files.writeString(policy, "{\"osImages\":[\"" + image + "\"]}");
      browser.awaitText("#check-allowed .says", "no: aggregated MR not allowed");
      String mr = browser.awaitText("#check-allowed .copyable code", "kms gov mr add 0x");
      Files.writeString(
          policy,
          "{\"osImages\":[\""
              + image
              + "\"],\"kms\":{\"mrAggregated\":[\""
              + mr.substring(mr.indexOf("0x"))
              + "\"]}}");
      browser.awaitText("#preflight-verdict", "Nothing stands in the way.");
      browser.screenshot("preflight-2-allowed");
      assertNothingLeftTheOrigin();
    }
  }

  @Test
  void showsADenialInWordsWithWhatToDoAboutIt() {
    surroundings.authority().deny("Aggregated MR not allowed");
    try (NodeRunner _ = surroundings.start(Map.of())) {
      browser.open(page()).awaitText("#preflight-verdict", "Something stands in the way.");
      bootstrap();
      browser.awaitText(
          "#error", "KMS is not allowed to bootstrap: boot denied: Aggregated MR not allowed");
      browser.awaitText("#error", "kms gov mr add 0x");
      browser.awaitText("#steps", "asking the authority whether this machine may be a KMS: failed");
      browser.screenshot("bootstrap-denied");
      assertThat(surroundings.certs().resolve("root-ca.key")).doesNotExist();
    }
  }

  @Test
  void t08_refusesWithoutTheTokenAndAcceptsTheRightOne() {
    String token = "correct horse battery staple";
    try (NodeRunner _ = surroundings.start(Map.of("core.onboard.token", token))) {
      browser.open(page()).awaitText("#token-part", "Set-up token");
      browser.find("#token").sendKeys("wrong");
      bootstrap();
      browser.awaitText("#error", "needs the set-up token");
      assertThat(surroundings.certs().resolve("root-ca.key")).doesNotExist();
      browser.screenshot("token-wrong");

      browser.find("#token").clear();
      browser.find("#token").sendKeys(token);
      browser.find("#bootstrap-domain").sendKeys(Keys.ENTER);
      browser.awaitText("#verdict", "attestation verifies");
      assertThat(browser.requested()).noneMatch(url -> url.contains("horse"));
      assertThat(browser.evaluate("localStorage.length + sessionStorage.length")).isEqualTo(0L);
      assertNothingLeftTheOrigin();
    }
  }

  @Test
  void isDarkForWhoPrefersThatAndFitsANarrowScreen() {
    try (NodeRunner _ = surroundings.start(Map.of())) {
      browser.open(page()).awaitText("#commands", "kms gov image add 0x");
      String light =
          String.valueOf(browser.evaluate("getComputedStyle(document.body).backgroundColor"));
      browser.screenshot("light");
      browser.dark();
      assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
          .isNotEqualTo(light);
      browser.screenshot("dark");
      browser.width(360);
      assertThat(browser.evaluate("innerWidth")).isEqualTo(360L);
      assertThat((Long) browser.evaluate("document.documentElement.scrollWidth"))
          .isLessThanOrEqualTo(360);
      browser.screenshot("dark-360-pixels");
    }
  }

  private void bootstrap() {
    browser.find("#choose-bootstrap").click();
    browser.find("#bootstrap-domain").sendKeys("localhost", Keys.ENTER);
  }

  private String page() {
    return surroundings.http("/");
  }

  private void assertNothingLeftTheOrigin() {
    List<String> network =
        browser.requested().stream().filter(url -> !url.startsWith("data:")).toList();
    assertThat(network).hasSizeGreaterThan(8).allMatch(url -> url.startsWith(page()));
  }
}
