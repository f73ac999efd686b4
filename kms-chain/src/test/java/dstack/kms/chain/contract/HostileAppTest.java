package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Answer;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Reverted;
import dstack.kms.chain.testing.TestContracts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Anybody can register anything as an application (specification 20 §2.3, §10). */
final class HostileAppTest extends ChainTest {
  private static final Word IMAGE = Word.parse("22".repeat(32));
  private static final Word OTHER = Word.parse("88".repeat(32));

  @Override
  protected void prepare() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"BurnsGas", "AnswersOneWord", "AnswersTwo", "AnswersFarAway", "WritesWhenAsked"})
  void failsAsAWholeWithAnAppThatDoesNotAnswerProperly(String contract) {
    Address app = register(contract);
    assertNoAnswer(app);
  }

  @Test
  void passesOnTheErrorOfAnApp() {
    Address app = register("RevertsWithText");
    Policies.assertRevertText(
        "not today", () -> kms.isAppAllowed(Boot.ofApp(app, OTHER, OTHER, IMAGE)));
  }

  @Test
  void asksTheAppOnlyAfterRegistrationAndImage() {
    Address app = chain.deploy(stranger, TestContracts.deployment("RevertsWithText"));
    Boot boot = Boot.ofApp(app, OTHER, OTHER, OTHER);
    assertThat(kms.isAppAllowed(boot)).isEqualTo(Answer.denied("App not registered"));
    kms.send(stranger, kms.kms(), "registerApp(address)", app);
    assertThat(kms.isAppAllowed(boot)).isEqualTo(Answer.denied("OS image is not allowed"));
  }

  @Test
  void deniesARegisteredAddressWithoutCode() {
    kms.send(stranger, kms.kms(), "registerApp(address)", stranger);
    assertThat(kms.isAppAllowed(Boot.ofApp(stranger, OTHER, OTHER, IMAGE)))
        .isEqualTo(Answer.denied("App not deployed or invalid address"));
    assertThat(kms.isAppAllowed(Boot.ofApp(stranger, OTHER, OTHER, OTHER)))
        .isEqualTo(Answer.denied("OS image is not allowed"));
  }

  /** By design: the id separates the keys. What else a server wants, it asks {@link KnownCode}. */
  @Test
  void believesARegisteredContractThatSaysYesToEverythingUnderAKnownImage() {
    Address app = register("SaysYes");
    assertThat(kms.isAppAllowed(Boot.ofApp(app, OTHER, OTHER, IMAGE))).isEqualTo(Answer.ALLOWED);
    assertThat(kms.isAppAllowed(Boot.ofApp(app, OTHER, OTHER, OTHER)))
        .isEqualTo(Answer.denied("OS image is not allowed"));
    assertThat(kms.isKmsAllowed(Boot.ofKms(OTHER, OTHER, IMAGE)).isAllowed()).isFalse();
  }

  /** The KMS contract as its own application answers for its own lists and ends there. */
  @Test
  void endsWhenTheKmsIsRegisteredAsAnApplication() {
    kms.send(stranger, kms.kms(), "registerApp(address)", kms.kms());
    assertNoAnswer(kms.kms());
  }

  /** The chain says that the call reverted or ran out of gas, and nothing else went wrong. */
  private void assertNoAnswer(Address app) {
    Throwable thrown = catchThrowable(() -> kms.isAppAllowed(Boot.ofApp(app, OTHER, OTHER, IMAGE)));
    if (!(thrown instanceof Reverted)) {
      assertThat(thrown).hasMessageStartingWith("eth_call: ").hasMessageContaining("OutOfGas");
    }
  }

  private Address register(String contract) {
    Address app = chain.deploy(stranger, TestContracts.deployment(contract));
    kms.send(stranger, kms.kms(), "registerApp(address)", app);
    return app;
  }
}
