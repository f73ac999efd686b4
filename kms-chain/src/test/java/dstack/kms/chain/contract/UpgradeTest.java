package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.Receipt;
import dstack.kms.chain.testing.Selectors;
import dstack.kms.chain.testing.TestContracts;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Upgrades of both contracts, step by step (specification 20 §5). */
final class UpgradeTest extends ChainTest {
  private static final String UPGRADE = "upgradeToAndCall(address,bytes)";
  private static final Word SLOT = Selectors.word("storage", "erc1967.implementation");
  private static final Word VALUE = Word.parse("5a".repeat(32));

  private Address app = Address.ZERO;

  @Override
  protected void prepare() {
    app = kms.deployApp(owner, false, false, true, Word.ZERO, VALUE);
  }

  enum Which {
    KMS(OwnContract.DSTACK_KMS),
    APP(OwnContract.DSTACK_APP);

    private final OwnContract contract;

    Which(OwnContract contract) {
      this.contract = contract;
    }
  }

  @ParameterizedTest
  @EnumSource
  void followsItsOwner(Which which) {
    Address proxy = proxy(which);
    Address next = Deployment.deploy(chain, owner, which.contract);
    Receipt receipt = kms.send(owner, proxy, UPGRADE, next, Bytes.EMPTY);
    assertThat(receipt.logs())
        .containsExactly(
            Selectors.policy(proxy, owner, "implementation-upgrade", next.word(), true),
            Selectors.log(proxy, "Upgraded(address)", List.of(next.word())));
    assertThat(chain.slot(proxy, SLOT)).isEqualTo(next.word());
  }

  @ParameterizedTest
  @EnumSource
  void callsTheNewCodeInTheSameTransaction(Which which) {
    Address proxy = proxy(which);
    Address next = Deployment.deploy(chain, owner, which.contract);
    Bytes then =
        which == Which.KMS
            ? Calldata.of("addOsImageHash(bytes32)", VALUE)
            : Calldata.of("addDevice(bytes32)", VALUE);
    assertThat(kms.send(owner, proxy, UPGRADE, next, then).logs()).hasSize(4);
    String getter = which == Which.KMS ? "allowedOsImages(bytes32)" : "allowedDeviceIds(bytes32)";
    assertThat(kms.read(proxy, getter, VALUE).flag(0)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void leavesEverythingAsItWasIfTheCallFails(Which which) {
    Address proxy = proxy(which);
    Word before = chain.slot(proxy, SLOT);
    Address next = Deployment.deploy(chain, owner, which.contract);
    Bytes then = Calldata.of("initialize(address,address)", owner, owner);
    Policies.revert(() -> kms.send(owner, proxy, UPGRADE, next, then));
    assertThat(chain.slot(proxy, SLOT)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void refusesStrangersWhateverTheyPropose(Which which) {
    Address next = Deployment.deploy(chain, stranger, which.contract);
    for (Address proposed : List.of(next, stranger, Address.ZERO)) {
      Policies.isTheOwnersAlone(kms, proxy(which), stranger, UPGRADE, proposed, Bytes.EMPTY);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatIsNoImplementation(Which which) {
    Address proxy = proxy(which);
    Address otherUuid = chain.deploy(owner, TestContracts.deployment("OtherUuid"));
    Policies.assertRevertData(
        Selectors.error("UUPSUnsupportedProxiableUUID(bytes32)", Word.of(BigInteger.valueOf(7))),
        () -> kms.send(owner, proxy, UPGRADE, otherUuid, Bytes.EMPTY));
    Address noUuid = chain.deploy(owner, TestContracts.deployment("RevertingUuid"));
    for (Address each : List.of(noUuid, kms.kms())) {
      Policies.assertRevertData(
          Selectors.error("ERC1967InvalidImplementation(address)", each),
          () -> kms.send(owner, proxy, UPGRADE, each, Bytes.EMPTY));
    }
    Address shortUuid = chain.deploy(owner, TestContracts.deployment("ShortUuid"));
    for (Address each : List.of(stranger, Address.ZERO, shortUuid)) {
      Policies.assertRevertData(
          Bytes.EMPTY, () -> kms.send(owner, proxy, UPGRADE, each, Bytes.EMPTY));
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesMoneyWithoutACall(Which which) {
    Address next = Deployment.deploy(chain, owner, which.contract);
    Bytes call = Calldata.of(UPGRADE, next, Bytes.EMPTY);
    Policies.assertRevertData(
        Selectors.error("ERC1967NonPayable()"),
        () -> chain.send(owner, proxy(which), call, BigInteger.ONE));
  }

  @ParameterizedTest
  @EnumSource
  void worksThroughAProxyOnly(Which which) {
    Address implementation = implementation(which);
    Policies.assertRevertData(
        Selectors.error("UUPSUnauthorizedCallContext()"),
        () -> kms.send(owner, implementation, UPGRADE, implementation, Bytes.EMPTY));
    Policies.assertRevertData(
        Selectors.error("UUPSUnauthorizedCallContext()"),
        () -> kms.read(proxy(which), "proxiableUUID()"));
    assertThat(kms.read(implementation, "proxiableUUID()").word(0)).isEqualTo(SLOT);
    assertThat(kms.read(proxy(which), "UPGRADE_INTERFACE_VERSION()").text(0)).isEqualTo("5.0.0");
  }

  @ParameterizedTest
  @EnumSource
  void leavesAdminAndBeaconUnused(Which which) {
    for (String slot : List.of("erc1967.admin", "erc1967.beacon")) {
      assertThat(chain.slot(proxy(which), Selectors.word("storage", slot)).isZero()).isTrue();
    }
  }

  @Test
  void isOverForAnAppWhoseOwnerSaidSo() {
    Address born = kms.deployApp(owner, true, false, true, Word.ZERO, VALUE);
    kms.send(owner, app, "disableUpgrades()");
    Address next = Deployment.deploy(chain, owner, OwnContract.DSTACK_APP);
    Stream.of(app, born)
        .forEach(
            each -> {
              Policies.assertRevertText(
                  "Upgrades are permanently disabled",
                  () -> kms.send(owner, each, UPGRADE, next, Bytes.EMPTY));
              Policies.assertRevertText(
                  "Upgrades are permanently disabled",
                  () -> kms.send(owner, each, UPGRADE, stranger, Bytes.EMPTY));
              Policies.isTheOwnersAlone(kms, each, stranger, UPGRADE, next, Bytes.EMPTY);
            });
  }

  @Test
  void isOverForAnAppWhoseOwnerIsAnother() {
    kms.send(owner, app, "disableUpgrades()");
    kms.send(owner, app, "transferOwnership(address)", stranger);
    kms.send(stranger, app, "acceptOwnership()");
    Policies.assertRevertText(
        "Upgrades are permanently disabled",
        () -> kms.send(stranger, app, UPGRADE, kms.appImplementation(), Bytes.EMPTY));
  }

  private Address proxy(Which which) {
    return which == Which.KMS ? kms.kms() : app;
  }

  private Address implementation(Which which) {
    return which == Which.KMS ? kms.kmsImplementation() : kms.appImplementation();
  }
}
