package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Answer;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Receipt;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the original contracts were seen to answer after each permission (specification 90 §3), and
 * the order of their checks (20 §2.3, §3).
 */
final class DecisionLadderTest extends ChainTest {
  private static final Word MR = Word.parse("11".repeat(32));
  private static final Word IMAGE = Word.parse("22".repeat(32));
  private static final Word COMPOSE = Word.parse("55".repeat(32));
  private static final Word DEVICE = Word.parse("77".repeat(32));
  private static final Word OTHER = Word.parse("88".repeat(32));

  @Test
  void allowsAKmsOnlyAfterImageMeasurementAndDevice() {
    Boot boot = Boot.ofKms(MR, DEVICE, IMAGE);
    assertThat(kms.isAppAllowed(boot)).isEqualTo(Answer.denied("App not registered"));
    assertThat(kms.isKmsAllowed(boot)).isEqualTo(Answer.denied("OS image is not allowed"));
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    assertThat(kms.isKmsAllowed(boot)).isEqualTo(Answer.denied("Aggregated MR not allowed"));
    kms.owner("addKmsAggregatedMr(bytes32)", MR);
    assertThat(kms.isKmsAllowed(boot))
        .isEqualTo(Answer.denied("KMS is not allowed to boot on this device"));
    kms.owner("addKmsDevice(bytes32)", DEVICE);
    assertThat(kms.isKmsAllowed(boot)).isEqualTo(Answer.ALLOWED);
    assertThat(kms.isKmsAllowed(boot.withTcbStatus("OutOfDate")))
        .isEqualTo(Answer.denied("TCB status is not up to date"));
  }

  /** Each wrong alone, then all: the earlier rule is the one that is named. */
  @Test
  void judgesFirmwareThenImageThenMeasurementThenMachineOfAKms() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    kms.owner("addKmsAggregatedMr(bytes32)", MR);
    kms.owner("addKmsDevice(bytes32)", DEVICE);
    Boot wrong = Boot.ofKms(OTHER, OTHER, OTHER);
    assertThat(kms.isKmsAllowed(wrong.withTcbStatus("")).reason())
        .isEqualTo("TCB status is not up to date");
    assertThat(kms.isKmsAllowed(wrong).reason()).isEqualTo("OS image is not allowed");
    assertThat(kms.isKmsAllowed(Boot.ofKms(OTHER, OTHER, IMAGE)).reason())
        .isEqualTo("Aggregated MR not allowed");
    assertThat(kms.isKmsAllowed(Boot.ofKms(MR, OTHER, IMAGE)).reason())
        .isEqualTo("KMS is not allowed to boot on this device");
    assertThat(kms.isKmsAllowed(Boot.ofKms(OTHER, DEVICE, IMAGE)).isAllowed()).isFalse();
    assertThat(kms.isKmsAllowed(Boot.ofKms(MR, DEVICE, OTHER)).isAllowed()).isFalse();
  }

  @Test
  void ignoresWhatDoesNotMakeAKms() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    kms.owner("addKmsAggregatedMr(bytes32)", MR);
    kms.owner("addKmsDevice(bytes32)", DEVICE);
    Boot other =
        new Boot(
            stranger, OTHER, owner, DEVICE, MR, OTHER, IMAGE, "UpToDate", List.of("INTEL-SA-1"));
    assertThat(kms.isKmsAllowed(other)).isEqualTo(Answer.ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "uptodate", "UPTODATE", "UpToDate ", "UpToDat", "UpToDate\0"})
  void takesOneSpellingOfUpToDateFromAKms(String status) {
    Boot boot = Boot.ofKms(MR, DEVICE, IMAGE).withTcbStatus(status);
    assertThat(kms.isKmsAllowed(boot)).isEqualTo(Answer.denied("TCB status is not up to date"));
  }

  @Test
  void letsOldFirmwareRunAnAppOfFiveArguments() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    String five = "deployAndRegisterApp(address,bool,bool,bytes32,bytes32)";
    Receipt receipt = kms.send(stranger, kms.kms(), five, owner, false, false, DEVICE, COMPOSE);
    Address app = Address.ofWord(receipt.logs().getLast().topics().get(1));
    Boot boot = Boot.ofApp(app, COMPOSE, DEVICE, IMAGE).withTcbStatus("OutOfDate");
    assertThat(kms.isAppAllowed(boot)).isEqualTo(Answer.ALLOWED);
    kms.send(owner, app, "setRequireTcbUpToDate(bool)", true);
    assertThat(kms.isAppAllowed(boot)).isEqualTo(Answer.denied("TCB status is not up to date"));
  }

  @Test
  void allowsAnAppOnlyWithKnownImageComposeHashAndDevice() {
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
