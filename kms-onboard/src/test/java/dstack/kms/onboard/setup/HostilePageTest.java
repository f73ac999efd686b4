package dstack.kms.onboard.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.config.ConfigSources;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.onboard.preflight.Advice;
import dstack.kms.onboard.preflight.CheckResult;
import dstack.kms.onboard.preflight.PreflightReport;
import dstack.kms.onboard.testing.Browser;
import dstack.kms.rpc.http.HttpServer;
import dstack.kms.rpc.metrics.NodeMetrics;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Texts from services that may be hostile stay texts in a real browser. */
final class HostilePageTest {
  private static final String HOSTILE =
      "</script><script>window.hit=1</script><img src=x onerror=\"window.hit=1\">";

  @Test
  void aHostileReasonIsShownAndNotRun() throws IOException {
    RecordingNode node = new RecordingNode();
    Advice advice = new Advice(HOSTILE, HOSTILE);
    CheckResult check =
        new CheckResult("allowed", "May it?", CheckResult.State.BAD, HOSTILE, advice);
    node.report = new PreflightReport(Instant.EPOCH, List.of(check), Optional.empty());
    Surroundings around =
        new Surroundings(HOSTILE, HOSTILE, 8000, InstantSource.system(), new SecureRandom());
    KmsConfig config =
        KmsConfig.load(
            ConfigSources.none()
                .withFlags(Map.of("core.onboard.address", "127.0.0.1", "core.onboard.port", "0")));

    try (Browser browser = new Browser();
        HttpServer server =
            new SetupListener(node, new NodeMetrics(), around).start(config.onboard())) {
      browser.open("http://127.0.0.1:" + server.port() + "/");
      browser.awaitText("#check-allowed .says", HOSTILE);
      browser.awaitText("h1", HOSTILE);
      browser.find("#choose-bootstrap").click();
      browser.find("#bootstrap-domain").sendKeys("refuse.me", Keys.ENTER);
      browser.awaitText("#error", "boot denied: </script><script>alert(1)</script>");
      browser.screenshot("hostile-reason");

      assertThat(browser.evaluate("window.hit")).isEqualTo("null");
      assertThat(browser.all("main img, main script")).isEmpty();
    }
  }
}
