package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.contract.Policies.ListOf;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.KmsInfo;
import dstack.kms.chain.testing.Receipt;
import dstack.kms.chain.testing.Returned;
import dstack.kms.chain.testing.Selectors;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every function of DstackKms: effect, events in order, storage, who may (specification 20 §2). */
final class KmsPolicyTest extends ChainTest {
  private static final Word VALUE = Word.parse("5a".repeat(32));
  private static final KmsInfo INFO =
      new KmsInfo(
          Bytes.fromHex("02" + "aa".repeat(32)),
          Bytes.fromHex("3059"),
          Bytes.fromHex("01".repeat(100)),
          Bytes.EMPTY);

  @ParameterizedTest
  @CsvSource({
    "addKmsAggregatedMr,removeKmsAggregatedMr,KmsAggregatedMrAdded,KmsAggregatedMrRemoved,"
        + "kmsAllowedAggregatedMrs,kms-aggregated-mr,6",
    "addKmsDevice,removeKmsDevice,KmsDeviceAdded,KmsDeviceRemoved,"
        + "kmsAllowedDeviceIds,kms-device,7",
    "addOsImageHash,removeOsImageHash,OsImageHashAdded,OsImageHashRemoved,"
        + "allowedOsImages,os-image,8",
  })
  void keepsThreeListsForItsOwner(
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
    Policies.changesAList(kms, kms.kms(), list, StorageSlots.entry(VALUE, slot));
    Policies.isTheOwnersAlone(kms, kms.kms(), stranger, list.add(), VALUE);
    Policies.isTheOwnersAlone(kms, kms.kms(), stranger, list.remove(), VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"addKmsAggregatedMr", "addKmsDevice", "addOsImageHash"})
  void takesZeroIntoItsListsAsTheOriginalDoes(String add) {
    assertThat(kms.owner(add + "(bytes32)", Word.ZERO).logs()).hasSize(2);
  }

  @Test
  void replacesAllOfItsInfoAndReturnsFourValues() {
    Receipt receipt = kms.owner("setKmsInfo((bytes,bytes,bytes,bytes))", INFO);
    assertThat(receipt.logs())
        .containsExactly(
            Selectors.log(kms.kms(), "KmsInfoSet(bytes)", List.of(), INFO.k256Pubkey()),
            Selectors.policy(kms.kms(), owner, "kms-info", hash(INFO.k256Pubkey()), true));
    assertInfo(INFO);
    kms.owner("setKmsQuote(bytes)", Bytes.fromHex("99"));
    kms.owner("setKmsEventlog(bytes)", Bytes.fromHex("77".repeat(40)));
    assertInfo(
        new KmsInfo(
            INFO.k256Pubkey(),
            INFO.caPubkey(),
            Bytes.fromHex("99"),
            Bytes.fromHex("77".repeat(40))));
    kms.owner("setKmsInfo((bytes,bytes,bytes,bytes))", INFO);
    assertInfo(INFO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"setKmsQuote(bytes)", "setKmsEventlog(bytes)"})
  void replacesQuoteAndEventLogSilently(String function) {
    assertThat(kms.owner(function, Bytes.fromHex("0102")).logs()).isEmpty();
    Policies.isTheOwnersAlone(kms, kms.kms(), stranger, function, Bytes.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "any", "0x75537828f2ce51be7289709686A69CbFDbB714F1", "ä ∞"})
  void takesAnyTextAsGateway(String text) {
    Receipt receipt = kms.owner("setGatewayAppId(string)", text);
    assertThat(receipt.logs())
        .containsExactly(
            Selectors.log(kms.kms(), "GatewayAppIdSet(string)", List.of(), text),
            Selectors.policy(kms.kms(), owner, "gateway-app-id", hash(Bytes.utf8(text)), true));
    assertThat(kms.read(kms.kms(), "gatewayAppId()").text(0)).isEqualTo(text);
  }

  @Test
  void letsAnybodyRegisterAnythingButZero() {
    Address app = Address.parse("0x" + "44".repeat(20));
    for (int times = 0; times < 2; times++) {
      assertThat(kms.send(stranger, kms.kms(), "registerApp(address)", app).logs())
          .containsExactly(
              Selectors.log(kms.kms(), "AppRegistered(address)", List.of(), app),
              Selectors.policy(kms.kms(), stranger, "registered-app", app.word(), true));
    }
    assertThat(kms.read(kms.kms(), "registeredApps(address)", app).flag(0)).isTrue();
    assertThat(chain.slot(kms.kms(), StorageSlots.entry(app.word(), 5)).number()).isEqualTo(1);
    Policies.assertRevertText(
        "Invalid app ID",
        () -> kms.send(stranger, kms.kms(), "registerApp(address)", Address.ZERO));
  }

  @Test
  void replacesTheImplementationOfApplications() {
    assertThat(kms.owner("setAppImplementation(address)", stranger).logs())
        .containsExactly(
            Selectors.log(kms.kms(), "AppImplementationSet(address)", List.of(), stranger),
            Selectors.policy(kms.kms(), owner, "app-implementation", stranger.word(), true));
    assertThat(kms.read(kms.kms(), "appImplementation()").address(0)).isEqualTo(stranger);
    assertThat(chain.slot(kms.kms(), 9)).isEqualTo(stranger.word());
    Policies.assertRevertText(
        "Invalid implementation address",
        () -> kms.owner("setAppImplementation(address)", Address.ZERO));
  }

  @Test
  void refusesStrangersBeforeItLooksAtTheirArguments() {
    String set = "setAppImplementation(address)";
    Policies.isTheOwnersAlone(kms, kms.kms(), stranger, set, Address.ZERO);
    Policies.isTheOwnersAlone(
        kms, kms.kms(), stranger, "setKmsInfo((bytes,bytes,bytes,bytes))", INFO);
    Policies.isTheOwnersAlone(kms, kms.kms(), stranger, "setGatewayAppId(string)", "any");
  }

  @Test
  void keepsTextsAndBytesWhereTheVectorsSay() {
    kms.owner("setGatewayAppId(string)", "any");
    assertThat(chain.slot(kms.kms(), 4)).isEqualTo(StorageSlots.shortText("any"));
    kms.owner("setGatewayAppId(string)", "0x75537828f2ce51be7289709686A69CbFDbB714F1");
    assertThat(chain.slot(kms.kms(), 4).number()).isEqualTo(2 * 42 + 1);
    assertThat(chain.slot(kms.kms(), StorageSlots.longText(4, 0)).value())
        .isEqualTo(Bytes.utf8("0x75537828f2ce51be7289709686A69C"));
    kms.owner("setKmsInfo((bytes,bytes,bytes,bytes))", INFO);
    assertThat(chain.slot(kms.kms(), 0).number()).isEqualTo(2 * 33 + 1);
    assertThat(chain.slot(kms.kms(), StorageSlots.longText(0, 1)).text()).startsWith("0xaa00");
    assertThat(chain.slot(kms.kms(), 1).text()).startsWith("0x3059").endsWith("04");
    assertThat(chain.slot(kms.kms(), 2).number()).isEqualTo(2 * 100 + 1);
    assertThat(chain.slot(kms.kms(), 3).isZero()).isTrue();
  }

  @Test
  void beginsWithItsOwnerAndImplementationAndNothingElse() {
    Receipt receipt = deployAndGetReceipt(owner, kms.appImplementation());
    Address proxy = receipt.contract().orElseThrow();
    assertThat(receipt.logs())
        .containsExactly(
            Selectors.log(proxy, "Upgraded(address)", List.of(kms.kmsImplementation().word())),
            Selectors.log(
                proxy, "OwnershipTransferred(address,address)", List.of(Word.ZERO, owner.word())),
            Selectors.log(
                proxy, "AppImplementationSet(address)", List.of(), kms.appImplementation()),
            Selectors.policy(
                proxy, stranger, "app-implementation", kms.appImplementation().word(), true),
            Selectors.log(proxy, "Initialized(uint64)", List.of(), 1));
    for (long slot = 0; slot < 60; slot++) {
      Word expected = slot == 9 ? kms.appImplementation().word() : Word.ZERO;
      assertThat(chain.slot(proxy, slot)).isEqualTo(expected);
    }
  }

  @Test
  void beginsWithoutImplementationIfNoneIsGiven() {
    Receipt receipt = deployAndGetReceipt(owner, Address.ZERO);
    Address proxy = receipt.contract().orElseThrow();
    assertThat(receipt.logs()).hasSize(3);
    assertThat(kms.read(proxy, "appImplementation()").address(0)).isEqualTo(Address.ZERO);
  }

  @Test
  void hasNoOwnerlessBeginningAndNoSecondOne() {
    Policies.assertRevertData(
        Selectors.error("OwnableInvalidOwner(address)", Address.ZERO),
        () -> deployAndGetReceipt(Address.ZERO, Address.ZERO));
    for (Address each : List.of(kms.kms(), kms.kmsImplementation())) {
      Policies.assertRevertData(
          Selectors.error("InvalidInitialization()"),
          () -> kms.send(owner, each, "initialize(address,address)", stranger, stranger));
    }
  }

  @Test
  void locksTheImplementationForGood() {
    Word initializable = Selectors.word("storage", "erc7201.Initializable");
    assertThat(chain.slot(kms.kmsImplementation(), initializable).text())
        .isEqualTo("0x" + "0".repeat(48) + "f".repeat(16));
    assertThat(chain.slot(kms.kms(), initializable).number()).isEqualTo(1);
    assertThat(kms.read(kms.kmsImplementation(), "owner()").address(0)).isEqualTo(Address.ZERO);
  }

  @Test
  void supportsItsTwoInterfacesOnly() {
    assertThat(supports("IAppAuth")).isTrue();
    assertThat(supports("IERC165")).isTrue();
    assertThat(supports("IAppAuthBasicManagement")).isFalse();
    assertThat(supports("invalid")).isFalse();
  }

  @Test
  void takesNoMoneyAndKnowsNoOtherFunction() {
    Policies.assertRevertData(Bytes.EMPTY, () -> chain.send(owner, kms.kms(), Bytes.EMPTY));
    Policies.assertRevertData(
        Bytes.EMPTY, () -> kms.send(owner, kms.kms(), "upgradeTo(address)", stranger));
    Policies.assertRevertData(
        Bytes.EMPTY,
        () ->
            chain.send(
                owner,
                kms.kms(),
                Calldata.of("addOsImageHash(bytes32)", VALUE),
                java.math.BigInteger.ONE));
  }

  private boolean supports(String name) {
    Word id = new Word(Selectors.interfaceId(name).paddedTo(32));
    return kms.read(kms.kms(), "supportsInterface(bytes4)", id).flag(0);
  }

  private void assertInfo(KmsInfo expected) {
    Returned info = kms.read(kms.kms(), "kmsInfo()");
    assertThat(new KmsInfo(info.bytes(0), info.bytes(1), info.bytes(2), info.bytes(3)))
        .isEqualTo(expected);
  }

  private Receipt deployAndGetReceipt(Address initialOwner, Address app) {
    Bytes setUp = Calldata.of("initialize(address,address)", initialOwner, app);
    Bytes arguments = Calldata.arguments(kms.kmsImplementation(), setUp);
    return chain.deployment(
        stranger, ContractArtifact.of(OwnContract.ERC1967_PROXY).deployment(arguments));
  }

  private static Word hash(Bytes bytes) {
    return new Word(Keccak.keccak256(bytes));
  }
}
