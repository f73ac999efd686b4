package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Answer;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.KmsInfo;
import dstack.kms.chain.testing.Returned;
import dstack.kms.chain.testing.TestContracts;
import dstack.kms.core.bytes.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Deployments of the oldest generation become ours in place and keep all they know. */
final class LegacyUpgradeTest extends ChainTest {
  private static final String UPGRADE = "upgradeToAndCall(address,bytes)";
  private static final Word MR = Word.parse("11".repeat(32));
  private static final Word IMAGE = Word.parse("22".repeat(32));
  private static final Word COMPOSE = Word.parse("55".repeat(32));
  private static final Word DEVICE = Word.parse("77".repeat(32));
  private static final KmsInfo INFO =
      new KmsInfo(
          Bytes.fromHex("02" + "aa".repeat(32)),
          Bytes.fromHex("30".repeat(91)),
          Bytes.fromHex("01"),
          Bytes.EMPTY);

  private Address legacyApp = Address.ZERO;
  private Address legacyKms = Address.ZERO;

  @Override
  protected void prepare() {
    legacyApp = chain.deploy(owner, TestContracts.deployment("LegacyApp"));
    legacyKms = chain.deploy(owner, TestContracts.deployment("LegacyKms"));
  }

  @Test
  void keepsEveryWordOfAKms() {
    Address proxy = legacyKmsProxy();
    Map<Word, Word> before = words(proxy, kmsWords());
    kms.send(owner, proxy, UPGRADE, kms.kmsImplementation(), Bytes.EMPTY);
    assertThat(words(proxy, kmsWords())).isEqualTo(before);

    assertThat(kms.read(proxy, "owner()").address(0)).isEqualTo(owner);
    assertThat(kms.read(proxy, "pendingOwner()").address(0)).isEqualTo(Address.ZERO);
    Returned info = kms.read(proxy, "kmsInfo()");
    assertThat(new KmsInfo(info.bytes(0), info.bytes(1), info.bytes(2), info.bytes(3)))
        .isEqualTo(INFO);
    assertThat(kms.read(proxy, "gatewayAppId()").text(0)).isEqualTo("g".repeat(42));
    assertThat(kms.read(proxy, "registeredApps(address)", stranger).flag(0)).isTrue();
    assertThat(kms.read(proxy, "appImplementation()").address(0)).isEqualTo(legacyApp);
    assertThat(
            new Deployment(chain, owner, legacyApp, legacyKms, proxy)
                .isKmsAllowed(Boot.ofKms(MR, DEVICE, IMAGE)))
        .isEqualTo(Answer.ALLOWED);
  }

  @Test
  void handsAnUpgradedKmsOverInTwoSteps() {
    Address proxy = legacyKmsProxy();
    Policies.assertRevertData(Bytes.EMPTY, () -> kms.read(proxy, "pendingOwner()"));
    kms.send(owner, proxy, UPGRADE, kms.kmsImplementation(), Bytes.EMPTY);
    kms.send(owner, proxy, "transferOwnership(address)", stranger);
    assertThat(kms.read(proxy, "owner()").address(0)).isEqualTo(owner);
    kms.send(stranger, proxy, "acceptOwnership()");
    assertThat(kms.read(proxy, "owner()").address(0)).isEqualTo(stranger);
  }

  @Test
  void opensTheFactoryOfAnUpgradedKmsWithTheNewImplementationOnly() {
    Address proxy = legacyKmsProxy();
    kms.send(owner, proxy, UPGRADE, kms.kmsImplementation(), Bytes.EMPTY);
    Deployment upgraded =
        new Deployment(chain, owner, kms.appImplementation(), kms.kmsImplementation(), proxy);
    Policies.revert(() -> upgraded.deployApp(owner, false, false, true, DEVICE, COMPOSE));
    upgraded.owner("setAppImplementation(address)", kms.appImplementation());
    Address app = upgraded.deployApp(owner, false, false, true, DEVICE, COMPOSE);
    assertThat(upgraded.isAppAllowed(Boot.ofApp(app, COMPOSE, DEVICE, IMAGE)))
        .isEqualTo(Answer.ALLOWED);
  }

  @Test
  void keepsEveryWordOfAnApplication() {
    for (boolean any : List.of(true, false)) {
      Address app = legacyAppProxy(false, any);
      Policies.assertRevertData(Bytes.EMPTY, () -> kms.read(app, "version()"));
      Map<Word, Word> before = words(app, appWords());
      kms.send(owner, app, UPGRADE, kms.appImplementation(), Bytes.EMPTY);
      assertThat(words(app, appWords())).isEqualTo(before);

      assertThat(kms.read(app, "version()").number(0)).isEqualTo(2);
      assertThat(kms.read(app, "owner()").address(0)).isEqualTo(owner);
      assertThat(kms.read(app, "allowAnyDevice()").flag(0)).isEqualTo(any);
      assertThat(kms.read(app, "requireTcbUpToDate()").flag(0)).isFalse();
      assertThat(kms.isAppAllowed(app, Boot.ofApp(app, COMPOSE, DEVICE, IMAGE)))
          .isEqualTo(Answer.ALLOWED);
      assertThat(kms.isAppAllowed(app, Boot.ofApp(app, COMPOSE, MR, IMAGE)).isAllowed())
          .isEqualTo(any);
      kms.send(owner, app, "setRequireTcbUpToDate(bool)", true);
      assertThat(kms.read(app, "allowAnyDevice()").flag(0)).isEqualTo(any);
    }
  }

  @Test
  void cannotBeInitializedAgainAfterAnUpgrade() {
    Address app = legacyAppProxy(false, true);
    kms.send(owner, app, UPGRADE, kms.appImplementation(), Bytes.EMPTY);
    String six = "initialize(address,bool,bool,bool,bytes32,bytes32)";
    Policies.revert(
        () -> kms.send(stranger, app, six, stranger, false, false, true, DEVICE, COMPOSE));
  }

  @Test
  void removesTheZeroThatAnOlderContractLetIn() {
    Address app = legacyAppProxy(false, true);
    kms.send(owner, app, "addComposeHash(bytes32)", Word.ZERO);
    kms.send(owner, app, UPGRADE, kms.appImplementation(), Bytes.EMPTY);
    assertThat(kms.read(app, "allowedComposeHashes(bytes32)", Word.ZERO).flag(0)).isTrue();
    kms.send(owner, app, "removeComposeHash(bytes32)", Word.ZERO);
    assertThat(kms.read(app, "allowedComposeHashes(bytes32)", Word.ZERO).flag(0)).isFalse();
  }

  @Test
  void staysLegacyWhereUpgradesWereDisabled() {
    Address app = legacyAppProxy(true, true);
    Policies.assertRevertText(
        "Upgrades are permanently disabled",
        () -> kms.send(owner, app, UPGRADE, kms.appImplementation(), Bytes.EMPTY));
  }

  private Address legacyKmsProxy() {
    Bytes setUp = Calldata.of("initialize(address,address)", owner, legacyApp);
    Address proxy = Deployment.proxy(chain, owner, legacyKms, setUp);
    String fill = "fill((bytes,bytes,bytes,bytes),string,address,bytes32,bytes32,bytes32)";
    kms.send(owner, proxy, fill, INFO, "g".repeat(42), stranger, MR, DEVICE, IMAGE);
    return proxy;
  }

  private Address legacyAppProxy(boolean disableUpgrades, boolean allowAnyDevice) {
    String five = "initialize(address,bool,bool,bytes32,bytes32)";
    Bytes setUp = Calldata.of(five, owner, disableUpgrades, allowAnyDevice, DEVICE, COMPOSE);
    return Deployment.proxy(chain, owner, legacyApp, setUp);
  }

  private Map<Word, Word> words(Address contract, Stream<Word> positions) {
    Map<Word, Word> words = new LinkedHashMap<>();
    positions.forEach(position -> words.put(position, chain.slot(contract, position)));
    return words;
  }

  private Stream<Word> kmsWords() {
    return Stream.concat(
        LongStream.range(0, 60).mapToObj(StorageSlots::number),
        Stream.of(
            StorageSlots.entry(stranger.word(), 5),
            StorageSlots.entry(MR, 6),
            StorageSlots.entry(DEVICE, 7),
            StorageSlots.entry(IMAGE, 8),
            StorageSlots.longText(0, 0),
            StorageSlots.longText(1, 2),
            StorageSlots.longText(4, 1)));
  }

  private static Stream<Word> appWords() {
    return Stream.concat(
        LongStream.range(0, 53).mapToObj(StorageSlots::number),
        Stream.of(StorageSlots.entry(COMPOSE, 0), StorageSlots.entry(DEVICE, 2)));
  }
}
