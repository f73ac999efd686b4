package dstack.kms.chain.governance;

import static dstack.kms.chain.calldata.GovernanceVectors.EOA;
import static dstack.kms.chain.calldata.GovernanceVectors.IMPLEMENTATION;
import static dstack.kms.chain.calldata.GovernanceVectors.KMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.calldata.CallReading;
import dstack.kms.chain.calldata.GovernanceVectors;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Node;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each task is the calldata that others make of it (specification 22 §2). */
final class TaskVectorsTest {
  private static final KmsTasks KMS_TASKS = new KmsTasks(KMS);
  private static final AppTasks APP_TASKS = new AppTasks(KMS);
  private static final Address APP = Address.parse("0x" + "44".repeat(20));

  record Case(String signature, String arguments, Task task) {
    @Override
    public String toString() {
      return signature + arguments;
    }
  }

  static Stream<Case> tasks() {
    PolicyHash two = PolicyHash.parse("22".repeat(32));
    String word = "[\"0x" + "22".repeat(32) + "\"]";
    return Stream.of(
        new Case("addOsImageHash(bytes32)", word, KMS_TASKS.addImage(two)),
        new Case("removeOsImageHash(bytes32)", word, KMS_TASKS.removeImage(two.word())),
        new Case("addKmsAggregatedMr(bytes32)", word, KMS_TASKS.addMr(two)),
        new Case("removeKmsAggregatedMr(bytes32)", word, KMS_TASKS.removeMr(two.word())),
        new Case("addKmsDevice(bytes32)", word, KMS_TASKS.addDevice(two)),
        new Case("removeKmsDevice(bytes32)", word, KMS_TASKS.removeDevice(two.word())),
        new Case("setGatewayAppId(string)", "[\"any\"]", KMS_TASKS.setGateway("any")),
        new Case(
            "setAppImplementation(address)",
            "[\"" + IMPLEMENTATION + "\"]",
            KMS_TASKS.setAppImplementation(IMPLEMENTATION)),
        new Case("registerApp(address)", "[\"" + APP + "\"]", KMS_TASKS.registerApp(APP)),
        new Case("addComposeHash(bytes32)", word, APP_TASKS.addHash(two)),
        new Case("removeComposeHash(bytes32)", word, APP_TASKS.removeHash(two.word())),
        new Case("addDevice(bytes32)", word, APP_TASKS.addDevice(two)),
        new Case("removeDevice(bytes32)", word, APP_TASKS.removeDevice(two.word())),
        new Case("setAllowAnyDevice(bool)", "[false]", APP_TASKS.setAnyDevice(false)),
        new Case("setRequireTcbUpToDate(bool)", "[true]", APP_TASKS.setRequireTcb(true)),
        new Case("disableUpgrades()", "[]", APP_TASKS.disableUpgrades()));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void makesTheCallThatEthersMakes(Case each) {
    String script =
        """
        import { Interface } from 'ethers';
        const [signature, values] = process.argv.slice(1);
        const abi = new Interface(['function ' + signature]);
        console.log(abi.encodeFunctionData(signature, JSON.parse(values)));
        """;
    String expected = Node.run(script, each.signature(), each.arguments());

    assertThat(each.task().calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.target()).isEqualTo(KMS);
              assertThat("0x" + call.data()).isEqualTo(expected);
              assertThat(CallReading.of(call).isUnderstood()).isTrue();
            });
  }

  @Test
  void setsGatewayAsTheVectorDoes() {
    String id = GovernanceVectors.at("createAddress/nonce1").asString();

    assertThat(data(KMS_TASKS.setGateway(id)))
        .isEqualTo(GovernanceVectors.bytes("calldata/setGatewayAppId"));
  }

  @Test
  void setsInfoAsTheVectorDoes() {
    Bytes vector = GovernanceVectors.bytes("calldata/setKmsInfo");
    CallReading.Known reading = (CallReading.Known) CallReading.of(Call.of(KMS, vector));
    Arguments info = new Arguments(reading.arguments()).items(0);

    KmsInfo same = new KmsInfo(info.data(0), info.data(1), info.data(2), info.data(3));
    assertThat(data(KMS_TASKS.setInfo(same))).isEqualTo(vector);
  }

  @Test
  void createsAppAsTheVectorsDo() {
    for (String name : new String[] {"deploy5", "deploy6"}) {
      Bytes vector = GovernanceVectors.bytes("calldata/" + name);
      CallReading.Known reading = (CallReading.Known) CallReading.of(Call.of(KMS, vector));
      Arguments values = new Arguments(reading.arguments());
      boolean six = name.equals("deploy6");
      int shift = six ? 1 : 0;
      NewApp app =
          new NewApp(
              values.account(0),
              values.flag(1),
              six && values.flag(2),
              values.flag(2 + shift),
              hash(values.word(3 + shift)),
              hash(values.word(4 + shift)));

      FactoryForm form = six ? FactoryForm.SIX_ARGUMENTS : FactoryForm.FIVE_ARGUMENTS;
      assertThat(data(KMS_TASKS.createApp(app, form))).isEqualTo(vector);
    }
  }

  @Test
  void handsOverAcceptsAndUpgradesAsTheVectorsDo() {
    OwnerTasks tasks = new OwnerTasks(KMS);
    Ownership oneStep = new Ownership(EOA, Optional.empty());

    assertThat(data(tasks.transfer(EOA, oneStep)))
        .isEqualTo(GovernanceVectors.bytes("calldata/transferOwnership"));
    assertThat(data(tasks.accept(EOA)))
        .isEqualTo(GovernanceVectors.bytes("calldata/acceptOwnership"));
    assertThat(data(tasks.upgrade(IMPLEMENTATION)))
        .isEqualTo(GovernanceVectors.bytes("calldata/upgradeToAndCall"));
  }

  @Test
  void refusesTcbRequirementThatAnOldFactoryCannotSay() {
    NewApp app = new NewApp(EOA, false, true, false, Optional.empty(), Optional.empty());

    assertThatThrownBy(() -> KMS_TASKS.createApp(app, FactoryForm.FIVE_ARGUMENTS))
        .hasMessageContaining("cannot require an up-to-date TCB");
  }

  @Test
  void refusesNobodyAsOwnerAppOrImplementation() {
    Ownership now = new Ownership(EOA, Optional.of(Address.ZERO));

    assertThatThrownBy(() -> new OwnerTasks(KMS).transfer(Address.ZERO, now))
        .hasMessageContaining("can never be changed again");
    assertThatThrownBy(() -> KMS_TASKS.registerApp(Address.ZERO))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> KMS_TASKS.setAppImplementation(Address.ZERO))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(
            () -> new NewApp(Address.ZERO, false, false, false, Optional.empty(), Optional.empty()))
        .isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x0000000000000000000000000000000000000000000000000000000000000000",
        "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "0x22",
        "0x222222222222222222222222222222222222222222222222222222222222222",
        "0x22222222222222222222222222222222222222222222222222222222222222222",
        "0X2222222222222222222222222222222222222222222222222222222222222222",
        "0xgg22222222222222222222222222222222222222222222222222222222222222",
        " 2222222222222222222222222222222222222222222222222222222222222222",
      })
  void refusesWhatNoAllowListMayHold(String text) {
    assertThatThrownBy(() -> PolicyHash.parse(text)).isInstanceOf(RefusalException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "0x12", "ANY"})
  void warnsOfAGatewayThatIsNoApp(String id) {
    assertThat(KMS_TASKS.setGateway(id).warnings()).hasSize(1);
  }

  @Test
  void warnsOfAppsThatRunAnywhere() {
    NewApp app = new NewApp(EOA, false, false, true, Optional.empty(), Optional.empty());

    assertThat(KMS_TASKS.createApp(app, FactoryForm.SIX_ARGUMENTS).warnings())
        .singleElement()
        .asString()
        .contains("any device");
    assertThat(APP_TASKS.setAnyDevice(true).warnings()).hasSize(1);
    assertThat(APP_TASKS.setAnyDevice(false).warnings()).isEmpty();
  }

  private static Optional<PolicyHash> hash(Word word) {
    return word.isZero() ? Optional.empty() : Optional.of(new PolicyHash(word));
  }

  private static Bytes data(Task task) {
    return task.calls().getFirst().data();
  }
}
