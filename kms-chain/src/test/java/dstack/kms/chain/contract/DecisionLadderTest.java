package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Answer;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the original contracts were seen to answer after each permission (specification 90 §3), and
 * the order of their checks (20 §2.3, §3).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DecisionLadderTest {
  private static final Word MR = Word.parse("11".repeat(32));
  private static final Word IMAGE = Word.parse("22".repeat(32));
  private static final Word COMPOSE = Word.parse("55".repeat(32));
  private static final Word DEVICE = Word.parse("77".repeat(32));
  private static final Word OTHER = Word.parse("88".repeat(32));

  private TestChain chain;

  @BeforeAll
  void start() {
    chain = TestChain.start();
  }

  @AfterAll
  void stop() {
    chain.close();
  }

  @Test
  void allowsAKmsOnlyAfterImageMeasurementAndDevice() {
    Deployment kms = Deployment.on(chain);
    Boot boot = Boot.ofKms(MR, DEVICE, IMAGE);
    assertThat(kms.isKmsAllowed(boot)).isEqualTo(Answer.denied("OS image is not allowed"));
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    assertThat(kms.isKmsAllowed(boot)).isEqualTo(Answer.denied("Aggregated MR not allowed"));
    kms.owner("addKmsAggregatedMr(bytes32)", MR);
    assertThat(kms.isKmsAllowed(boot))
        .isEqualTo(Answer.denied("KMS is not allowed to boot on this device"));
    kms.owner("addKmsDevice(bytes32)", DEVICE);
    assertThat(kms.isKmsAllowed(boot)).isEqualTo(Answer.ALLOWED);
  }

  @Test
  void allowsAnAppOnlyWithKnownImageComposeHashAndDevice() {
    Deployment kms = Deployment.on(chain);
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    Address app = kms.deployApp(chain.account(2), false, false, false, DEVICE, COMPOSE);

    assertThat(kms.isAppAllowed(Boot.ofApp(app, COMPOSE, DEVICE, IMAGE))).isEqualTo(Answer.ALLOWED);
    assertThat(kms.isAppAllowed(Boot.ofApp(app, OTHER, DEVICE, IMAGE)))
        .isEqualTo(Answer.denied("Compose hash not allowed"));
    assertThat(kms.isAppAllowed(Boot.ofApp(app, COMPOSE, OTHER, IMAGE)))
        .isEqualTo(Answer.denied("Device not allowed"));
    assertThat(kms.isAppAllowed(Boot.ofApp(app, COMPOSE, DEVICE, OTHER)))
        .isEqualTo(Answer.denied("OS image is not allowed"));
  }
}
