package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.contract.Policies.ListOf;
import dstack.kms.chain.testing.Answer;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Receipt;
import dstack.kms.chain.testing.Selectors;
import dstack.kms.core.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every function of DstackApp: effect, events in order, storage, who may (specification 20 §3). */
final class AppPolicyTest extends ChainTest {
  private static final String SIX = "initialize(address,bool,bool,bool,bytes32,bytes32)";
  private static final String FIVE = "initialize(address,bool,bool,bytes32,bytes32)";
  private static final Word COMPOSE = Word.parse("55".repeat(32));
  private static final Word DEVICE = Word.parse("77".repeat(32));
  private static final Word VALUE = Word.parse("5a".repeat(32));

  private Address app = Address.ZERO;

  @Override
  protected void prepare() {
    app = create(SIX, owner, false, false, false, DEVICE, COMPOSE).contract().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "addComposeHash,removeComposeHash,ComposeHashAdded,ComposeHashRemoved,"
        + "allowedComposeHashes,compose-hash,0",
    "addDevice,removeDevice,DeviceAdded,DeviceRemoved,allowedDeviceIds,device,2",
  })
  void keepsTwoListsForItsOwner(
      String add,
      String remove,
      String added,
      String removed,
      String getter,
      String policy,
      long slot) {
    ListOf list =
        new ListOf(
            add + "(bytes32)",
            remove + "(bytes32)",
            added + "(bytes32)",
            removed + "(bytes32)",
            getter + "(bytes32)",
            policy);
    Policies.changesAList(kms, app, list, StorageSlots.entry(VALUE, slot));
    Policies.isTheOwnersAlone(kms, app, stranger, list.add(), VALUE);
    Policies.isTheOwnersAlone(kms, app, stranger, list.remove(), VALUE);
  }

  @ParameterizedTest
  @CsvSource({"addComposeHash,invalid compose hash", "addDevice,invalid device ID"})
  void refusesZeroWhichStandsForAbsentValues(String add, String text) {
    Policies.assertRevertText(text, () -> kms.send(owner, app, add + "(bytes32)", Word.ZERO));
    Policies.isTheOwnersAlone(kms, app, stranger, add + "(bytes32)", Word.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "setAllowAnyDevice,AllowAnyDeviceSet,allowAnyDevice,allow-any-device",
    "setRequireTcbUpToDate,RequireTcbUpToDateSet,requireTcbUpToDate,require-tcb-up-to-date"
  })
  void switchesForItsOwner(String set, String event, String getter, String policy) {
    for (boolean flag : List.of(true, true, false, false)) {
      assertThat(kms.send(owner, app, set + "(bool)", flag).logs())
          .containsExactly(
              Selectors.log(app, event + "(bool)", List.of(), flag),
              Selectors.policy(app, owner, policy, Word.ZERO, flag));
      assertThat(kms.read(app, getter + "()").flag(0)).isEqualTo(flag);
    }
    Policies.isTheOwnersAlone(kms, app, stranger, set + "(bool)", true);
  }

  @Test
  void disablesUpgradesForGood() {
    for (int times = 0; times < 2; times++) {
      assertThat(kms.send(owner, app, "disableUpgrades()").logs())
          .containsExactly(
              Selectors.log(app, "UpgradesDisabled()", List.of()),
              Selectors.policy(app, owner, "upgrades-disabled", Word.ZERO, true));
    }
    assertThat(chain.slot(app, 1).number()).isEqualTo(1);
    Policies.isTheOwnersAlone(kms, app, stranger, "disableUpgrades()");
  }

  @Test
  void packsItsFlagsAsTheVectorsSay() {
    Address all = create(SIX, owner, true, true, true, DEVICE, COMPOSE).contract().orElseThrow();
    assertThat(chain.slot(all, 1).text()).endsWith("0000000101");
    assertThat(chain.slot(all, 3).number()).isEqualTo(1);
    kms.send(owner, all, "setAllowAnyDevice(bool)", false);
    assertThat(chain.slot(all, 1).number()).isEqualTo(1);
    kms.send(owner, app, "setAllowAnyDevice(bool)", true);
    assertThat(chain.slot(app, 1).number()).isEqualTo(0x100);
    kms.send(owner, app, "setRequireTcbUpToDate(bool)", true);
    assertThat(chain.slot(app, 3).number()).isEqualTo(1);
    for (long slot = 4; slot < 53; slot++) {
      assertThat(chain.slot(all, slot).isZero()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void startsWithItsListsAndNoWordAboutItsFlags(boolean flags) {
    Receipt receipt = create(SIX, owner, flags, flags, flags, DEVICE, COMPOSE);
    Address proxy = receipt.contract().orElseThrow();
    List<Receipt.Log> expected = new ArrayList<>();
    expected.add(upgraded(proxy));
    expected.add(Selectors.log(proxy, "DeviceAdded(bytes32)", List.of(), DEVICE));
    expected.add(Selectors.policy(proxy, stranger, "device", DEVICE, true));
    expected.add(Selectors.log(proxy, "ComposeHashAdded(bytes32)", List.of(), COMPOSE));
    expected.add(Selectors.policy(proxy, stranger, "compose-hash", COMPOSE, true));
    expected.addAll(ownedAndInitialized(proxy));
    assertThat(receipt.logs()).isEqualTo(expected);
    assertThat(kms.read(proxy, "allowAnyDevice()").flag(0)).isEqualTo(flags);
    assertThat(kms.read(proxy, "requireTcbUpToDate()").flag(0)).isEqualTo(flags);
  }

  @Test
  void startsEmptyIfBothHashesAreZero() {
    Receipt receipt = create(SIX, owner, false, false, false, Word.ZERO, Word.ZERO);
    Address proxy = receipt.contract().orElseThrow();
    List<Receipt.Log> expected = new ArrayList<>(List.of(upgraded(proxy)));
    expected.addAll(ownedAndInitialized(proxy));
    assertThat(receipt.logs()).isEqualTo(expected);
    assertThat(kms.read(proxy, "allowedDeviceIds(bytes32)", Word.ZERO).flag(0)).isFalse();
    assertThat(kms.read(proxy, "allowedComposeHashes(bytes32)", Word.ZERO).flag(0)).isFalse();
  }

  @Test
  void leavesTheFirmwareRuleOffWithFiveArguments() {
    Receipt receipt = create(FIVE, owner, true, true, DEVICE, COMPOSE);
    Address proxy = receipt.contract().orElseThrow();
    assertThat(receipt.logs()).hasSize(7);
    assertThat(kms.read(proxy, "requireTcbUpToDate()").flag(0)).isFalse();
    assertThat(kms.read(proxy, "allowAnyDevice()").flag(0)).isTrue();
    assertThat(chain.slot(proxy, 1).number()).isEqualTo(0x101);
  }

  @Test
  void hasNoOwnerlessBeginningAndNoSecondOne() {
    Policies.assertRevertText(
        "invalid owner address",
        () -> create(SIX, Address.ZERO, false, false, false, DEVICE, COMPOSE));
    Policies.assertRevertText(
        "invalid owner address", () -> create(FIVE, Address.ZERO, false, false, DEVICE, COMPOSE));
    for (Address each : List.of(app, kms.appImplementation())) {
      Policies.assertRevertData(
          Selectors.error("InvalidInitialization()"),
          () -> kms.send(owner, each, SIX, owner, false, false, false, DEVICE, COMPOSE));
      Policies.assertRevertData(
          Selectors.error("InvalidInitialization()"),
          () -> kms.send(owner, each, FIVE, owner, false, false, DEVICE, COMPOSE));
    }
  }

  @Test
  void tellsItsGenerationAndInterfaces() {
    assertThat(kms.read(app, "version()").number(0)).isEqualTo(2);
    assertThat(supports("IAppAuth")).isTrue();
    assertThat(supports("IERC165")).isTrue();
    assertThat(supports("IAppAuthBasicManagement")).isTrue();
    assertThat(supports("invalid")).isFalse();
    assertThat(kms.read(app, "UPGRADE_INTERFACE_VERSION()").text(0)).isEqualTo("5.0.0");
  }

  @Test
  void judgesFirmwareThenComposeHashThenDevice() {
    Word image = VALUE;
    Boot wrong = Boot.ofApp(stranger, VALUE, VALUE, image).withTcbStatus("OutOfDate");
    kms.send(owner, app, "setRequireTcbUpToDate(bool)", true);
    assertThat(kms.isAppAllowed(app, wrong))
        .isEqualTo(Answer.denied("TCB status is not up to date"));
    assertThat(kms.isAppAllowed(app, wrong.withTcbStatus("UpToDate")))
        .isEqualTo(Answer.denied("Compose hash not allowed"));
    kms.send(owner, app, "addComposeHash(bytes32)", VALUE);
    assertThat(kms.isAppAllowed(app, wrong.withTcbStatus("UpToDate")))
        .isEqualTo(Answer.denied("Device not allowed"));
    kms.send(owner, app, "setAllowAnyDevice(bool)", true);
    assertThat(kms.isAppAllowed(app, wrong.withTcbStatus("UpToDate"))).isEqualTo(Answer.ALLOWED);
    kms.send(owner, app, "setRequireTcbUpToDate(bool)", false);
    assertThat(kms.isAppAllowed(app, wrong)).isEqualTo(Answer.ALLOWED);
    kms.send(owner, app, "setAllowAnyDevice(bool)", false);
    kms.send(owner, app, "addDevice(bytes32)", VALUE);
    assertThat(kms.isAppAllowed(app, wrong)).isEqualTo(Answer.ALLOWED);
    kms.send(owner, app, "removeComposeHash(bytes32)", VALUE);
    assertThat(kms.isAppAllowed(app, wrong)).isEqualTo(Answer.denied("Compose hash not allowed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "uptodate", "UPTODATE", "UpToDate ", " UpToDate", "UpToDat", "UpToDate\0"})
  void takesOneSpellingOfUpToDateOnly(String status) {
    kms.send(owner, app, "setRequireTcbUpToDate(bool)", true);
    Boot boot = Boot.ofApp(app, COMPOSE, DEVICE, VALUE);
    assertThat(kms.isAppAllowed(app, boot)).isEqualTo(Answer.ALLOWED);
    assertThat(kms.isAppAllowed(app, boot.withTcbStatus(status)).isAllowed()).isFalse();
  }

  private Receipt create(String initializer, Object... arguments) {
    Bytes setUp = Calldata.of(initializer, arguments);
    return chain.deployment(
        stranger,
        ContractArtifact.of(OwnContract.ERC1967_PROXY)
            .deployment(Calldata.arguments(kms.appImplementation(), setUp)));
  }

  private Receipt.Log upgraded(Address proxy) {
    return Selectors.log(proxy, "Upgraded(address)", List.of(kms.appImplementation().word()));
  }

  private List<Receipt.Log> ownedAndInitialized(Address proxy) {
    List<Word> toOwner = List.of(Word.ZERO, owner.word());
    return List.of(
        Selectors.log(proxy, "OwnershipTransferred(address,address)", toOwner),
        Selectors.log(proxy, "Initialized(uint64)", List.of(), 1));
  }

  private boolean supports(String name) {
    Word id = new Word(Selectors.interfaceId(name).paddedTo(32));
    return kms.read(app, "supportsInterface(bytes4)", id).flag(0);
  }
}
