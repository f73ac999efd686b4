package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.Rate;
import dstack.kms.rpc.kms.TestNode.Options;
import dstack.kms.rpc.limit.AppBuckets;
import dstack.kms.rpc.limit.PlatformAlarm;
import dstack.kms.sim.fault.QuoteFault;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.testkit.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that need to know who asks: an app's quota, and the alarm of a machine. */
final class AppLimitTest {
  private static final String REQUEST = "{\"api_version\":1}";
  private static final Optional<Rate> TWO = Optional.of(new Rate(2, Duration.ofHours(1)));
  private static final SimulatedIdentity APP2 =
      TestNode.APP1.change().appId(Bytes.fromHex("22".repeat(20))).done();

  @TempDir private Path folder;
  private final AtomicLong now = new AtomicLong();
  private TestNode node;

  @BeforeEach
  void start() {
    node = new TestNode(folder);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void withQuota() {
    node.quota = AppBuckets.of(TWO, now::get, node.metrics);
  }

  private CurlClient guest(SimulatedIdentity identity) {
    return CurlClient.guest(node, folder, identity);
  }

  private String line(String name) {
    return node.metrics
        .text()
        .lines()
        .filter(each -> each.startsWith(name + " "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void refusesOneRequestTooManyOfAnAppThatTheAuthorityAllows() {
    withQuota();
    CurlClient app = guest(TestNode.APP1);
    for (int i = 0; i < 2; i++) {
      assertThat(app.call("GetAppKey", REQUEST).has("k256_key")).isTrue();
    }

    String head = app.head("GetAppKey", REQUEST);

    assertThat(head).startsWith("HTTP/1.1 429 ").containsIgnoringCase("retry-after: 1800");
    assertThat(app.error("GetAppKey", REQUEST))
        .isEqualTo("App not allowed: too many requests of this app, try again in 1800 s");
    assertThat(line("kms_limited_total{limit=\"app\"}")).endsWith(" 2");
  }

  @Test
  void leavesOtherAppsAlone() {
    withQuota();
    for (int i = 0; i < 3; i++) {
      guest(TestNode.APP1).post("GetAppKey", REQUEST);
    }
    assertThat(guest(APP2).call("GetAppKey", REQUEST).has("k256_key")).isTrue();
  }

  @Test
  void countsNobodyWhoOnlyClaimsToBeThatApp() {
    withQuota();
    for (int i = 0; i < 5; i++) {
      CurlClient.guest(node, folder, TestNode.APP1, QuoteFault.OTHER_ATTESTATION_KEY)
          .post("GetAppKey", REQUEST);
      CurlClient.anonymous(node).post("GetAppKey", REQUEST);
    }
    assertThat(guest(TestNode.APP1).call("GetAppKey", REQUEST).has("k256_key")).isTrue();
    assertThat(line("kms_limited_total{limit=\"app\"}")).endsWith(" 0");
  }

  @Test
  void countsNoGenuineGuestOfAStrangerThatTheAuthorityDeniesToBeThatApp() {
    withQuota();
    node.authority.app = new Decision.Denied("not my app");
    CurlClient stranger = guest(TestNode.APP1);
    for (int i = 0; i < 5; i++) {
      assertThat(stranger.error("GetAppKey", REQUEST)).endsWith("Boot denied: not my app");
    }
    node.authority.app = new Decision.Allowed("gateway-1");

    assertThat(guest(TestNode.APP1).call("GetAppKey", REQUEST).has("k256_key")).isTrue();
    assertThat(line("kms_limited_total{limit=\"app\"}")).endsWith(" 0");
  }

  @Test
  void countsNoGuestWhoseImageMeasuresWhatItLikes() throws IOException {
    withQuota();
    Path other = Files.createDirectory(folder.resolve("other"));
    try (TestNode verifying = new TestNode(other, Options.ordinary(other).verifyingImages())) {
      verifying.quota = node.quota;
      CurlClient stranger = CurlClient.guest(verifying, other, TestNode.APP1);
      for (int i = 0; i < 5; i++) {
        assertThat(stranger.error("GetAppKey", REQUEST)).contains("Failed to verify os image hash");
      }
    }

    assertThat(guest(TestNode.APP1).call("GetAppKey", REQUEST).has("k256_key")).isTrue();
  }

  @Test
  void t04_raisesAnAlarmWhenOneMachineGetsMoreReleasesThanItShould() {
    node.watch = PlatformAlarm.of(TWO, now::get, node.metrics);
    try (LogCapture log = new LogCapture()) {
      for (SimulatedIdentity app : new SimulatedIdentity[] {TestNode.APP1, APP2}) {
        for (int i = 0; i < 2; i++) {
          assertThat(guest(app).call("GetAppKey", REQUEST).has("k256_key")).isTrue();
        }
      }

      assertThat(log.lines().stream().filter(each -> each.contains(" got more than 2/h releases")))
          .hasSize(1)
          .allMatch(each -> each.startsWith("WARN machine "));
    }
    assertThat(line("kms_releases_over_quota_total{platform=\"dstack-tdx\"}")).endsWith(" 2");
    assertThat(line("kms_releases_total{kind=\"app-key\",platform=\"dstack-tdx\"}")).endsWith(" 4");
  }

  @Test
  void t04_tellsAgainInTheNextPeriod() {
    ReleaseWatch alarm = PlatformAlarm.of(TWO, now::get, node.metrics);
    node.watch = alarm;
    try (LogCapture log = new LogCapture()) {
      for (int period = 0; period < 2; period++) {
        for (int i = 0; i < 4; i++) {
          guest(TestNode.APP1).post("GetAppKey", REQUEST);
        }
        now.addAndGet(Duration.ofHours(1).toNanos());
      }
      assertThat(log.lines().stream().filter(each -> each.contains(" got more than "))).hasSize(2);
    }
  }

  @Test
  void t04_staysQuietWithoutARate() {
    assertThat(PlatformAlarm.of(Optional.empty(), now::get, node.metrics))
        .isSameAs(ReleaseWatch.NONE);
  }
}
