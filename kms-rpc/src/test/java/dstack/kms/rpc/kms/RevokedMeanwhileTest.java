package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.authority.Decision;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policy that changes while a request takes long, because an image has to be downloaded first. */
@Timeout(60)
final class RevokedMeanwhileTest {
  private static final Decision REVOKED = new Decision.Denied("revoked");
  private static final String SELF = "KMS self authorization failed: KMS is not allowed: revoked";

  @TempDir private Path folder;
  private TestNode node;

  @BeforeEach
  void start() {
    node = new TestNode(folder);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private CurlClient guest() {
    return CurlClient.guest(node, folder, TestNode.APP1);
  }

  private void passes(Duration time) {
    node.passed.addAndGet(time.toNanos());
  }

  private void awaitAsked(String kind) {
    while (node.authority.asked(kind) == 0) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @CsvSource({"GetAppKey, '{\"api_version\":1}'", "GetKmsKey, '{\"vm_config\":\"\"}'"})
  void t20_releasesNothingWhereThisNodeIsRevokedWhileAnImageIsVerified(
      String method, String request) {
    node.whileVerifyingImages =
        () -> {
          awaitAsked("kms");
          node.authority.kms = REVOKED;
          passes(Duration.ofMinutes(5));
        };
    // The caller of GetKmsKey is asked about again as well, before its quota is touched.
    assertThat(guest().error(method, request)).isIn(SELF, "Boot denied: revoked");
  }

  @Test
  void t20_issuesNoKeysOfAnAppToWhomThisNodeWasRevokedMeanwhileThoughTheAppWasNot() {
    node.whileVerifyingImages =
        () -> {
          awaitAsked("kms");
          node.authority.kms = REVOKED;
          passes(Duration.ofSeconds(4));
        };
    assertThat(guest().error("GetAppKey", "{\"api_version\":1}")).isEqualTo(SELF);
    assertThat(node.authority.asked("app")).isEqualTo(2);
  }

  @Test
  void t34_releasesNothingToAnAppThatIsRevokedWhileTheAnswerAboutThisNodeIsLate() {
    node.authority.whileAskedAboutKms =
        () -> {
          awaitAsked("app");
          node.authority.app = REVOKED;
          passes(Duration.ofSeconds(9));
        };
    assertThat(guest().error("GetAppKey", "{\"api_version\":1}"))
        .isEqualTo("App not allowed: Boot denied: revoked");
  }

  @Test
  void asksOnceWhereNothingTakesLong() {
    assertThat(guest().call("GetAppKey", "{\"api_version\":1}").has("k256_key")).isTrue();
    assertThat(node.authority.asked("kms")).isOne();
    assertThat(node.authority.asked("app")).isOne();
  }

  @Test
  void releasesWhatIsStillAllowedAfterALongTime() {
    node.whileVerifyingImages = () -> passes(Duration.ofMinutes(5));
    assertThat(guest().call("GetAppKey", "{\"api_version\":1}").has("k256_key")).isTrue();
    assertThat(node.authority.asked("app")).isEqualTo(2);
  }
}
