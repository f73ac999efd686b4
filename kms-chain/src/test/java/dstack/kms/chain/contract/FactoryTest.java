package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.Receipt;
import dstack.kms.chain.testing.Returned;
import dstack.kms.chain.testing.Selectors;
import dstack.kms.chain.testing.TestChain;
import dstack.kms.chain.testing.TestContracts;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Applications made by the KMS contract itself (specification 20 §3.1). */
final class FactoryTest extends ChainTest {
  private static final String SIX = "deployAndRegisterApp(address,bool,bool,bool,bytes32,bytes32)";
  private static final String FIVE = "deployAndRegisterApp(address,bool,bool,bytes32,bytes32)";
  private static final Word COMPOSE = Word.parse("55".repeat(32));
  private static final Word DEVICE = Word.parse("77".repeat(32));

  /** The vectors' KMS proxy is the third contract of the first account of a fresh chain. */
  @Test
  void givesTheAddressesOfTheVectors() {
    JsonNode vector = Vectors.json("contracts/governance-vectors.json").get("createAddress");
    try (TestChain fresh = TestChain.start()) {
      Deployment third = Deployment.on(fresh);
      assertThat(third.kms().checksummed()).isEqualTo(vector.get("deployer").asString());
      for (String nonce : List.of("nonce1", "nonce2")) {
        assertThat(third.deployApp(owner, false, false, true, Word.ZERO, COMPOSE).checksummed())
            .isEqualTo(vector.get(nonce).asString());
      }
    }
  }

  @Test
  void emitsInTheOrderOfTheOriginal() {
    Address caller = chain.account(3);
    Receipt receipt = kms.send(caller, kms.kms(), SIX, owner, true, true, false, DEVICE, COMPOSE);
    Address app = Address.ofWord(receipt.logs().getLast().topics().get(1));
    List<Receipt.Log> expected = new ArrayList<>();
    expected.add(Selectors.log(app, "Upgraded(address)", List.of(kms.appImplementation().word())));
    expected.add(Selectors.log(app, "DeviceAdded(bytes32)", List.of(), DEVICE));
    expected.add(Selectors.policy(app, kms.kms(), "device", DEVICE, true));
    expected.add(Selectors.log(app, "ComposeHashAdded(bytes32)", List.of(), COMPOSE));
    expected.add(Selectors.policy(app, kms.kms(), "compose-hash", COMPOSE, true));
    expected.add(
        Selectors.log(
            app, "OwnershipTransferred(address,address)", List.of(Word.ZERO, owner.word())));
    expected.add(Selectors.log(app, "Initialized(uint64)", List.of(), 1));
    expected.addAll(registered(app, caller));
    assertThat(receipt.logs()).isEqualTo(expected);
  }

  @Test
  void emitsNothingAboutHashesThatAreZero() {
    Receipt receipt =
        kms.send(stranger, kms.kms(), SIX, owner, false, false, false, Word.ZERO, Word.ZERO);
    Address app = Address.ofWord(receipt.logs().getLast().topics().get(1));
    assertThat(receipt.logs()).hasSize(6);
    assertThat(receipt.logs().subList(3, 6)).isEqualTo(registered(app, stranger));
  }

  @Test
  void setsEveryFlagInItsPlace() {
    for (int bits = 0; bits < 8; bits++) {
      boolean disable = (bits & 1) != 0;
      boolean tcb = (bits & 2) != 0;
      boolean any = (bits & 4) != 0;
      Address app = kms.deployApp(stranger, disable, tcb, any, DEVICE, COMPOSE);
      assertThat(chain.slot(app, 1).number().intValue())
          .isEqualTo((disable ? 1 : 0) + (any ? 0x100 : 0));
      assertThat(kms.read(app, "requireTcbUpToDate()").flag(0)).isEqualTo(tcb);
      assertThat(kms.read(app, "allowAnyDevice()").flag(0)).isEqualTo(any);
      assertThat(kms.read(app, "owner()").address(0)).isEqualTo(stranger);
      assertThat(kms.read(kms.kms(), "registeredApps(address)", app).flag(0)).isTrue();
      assertThat(kms.read(app, "allowedDeviceIds(bytes32)", DEVICE).flag(0)).isTrue();
      assertThat(kms.read(app, "allowedComposeHashes(bytes32)", COMPOSE).flag(0)).isTrue();
    }
  }

  @Test
  void leavesTheFirmwareRuleOffWithFiveArguments() {
    Bytes call = Calldata.of(FIVE, owner, true, true, DEVICE, COMPOSE);
    Address foretold = Returned.of(chain.call(stranger, kms.kms(), call)).address(0);
    Receipt receipt = chain.send(stranger, kms.kms(), call);
    Address app = Address.ofWord(receipt.logs().getLast().topics().get(1));
    assertThat(app).isEqualTo(foretold);
    assertThat(receipt.logs()).hasSize(10);
    assertThat(chain.slot(app, 1).number()).isEqualTo(0x101);
    assertThat(chain.slot(app, 3).isZero()).isTrue();
  }

  @Test
  void looksForAnImplementationBeforeAnOwner() {
    Bytes setUp = Calldata.of("initialize(address,address)", owner, Address.ZERO);
    Address closed = Deployment.proxy(chain, owner, kms.kmsImplementation(), setUp);
    for (Address appOwner : List.of(owner, Address.ZERO)) {
      Policies.assertRevertText(
          "DstackApp implementation not set",
          () -> kms.send(owner, closed, SIX, appOwner, false, false, true, DEVICE, COMPOSE));
      Policies.assertRevertText(
          "DstackApp implementation not set",
          () -> kms.send(owner, closed, FIVE, appOwner, false, true, DEVICE, COMPOSE));
    }
    Policies.assertRevertText(
        "Invalid owner address",
        () -> kms.send(owner, kms.kms(), SIX, Address.ZERO, false, false, true, DEVICE, COMPOSE));
    Policies.assertRevertText(
        "Invalid owner address",
        () -> kms.send(owner, kms.kms(), FIVE, Address.ZERO, false, true, DEVICE, COMPOSE));
  }

  @Test
  void failsWithAnImplementationOfTheOldestGeneration() {
    Address legacy = chain.deploy(owner, TestContracts.deployment("LegacyApp"));
    kms.owner("setAppImplementation(address)", legacy);
    Policies.assertRevertData(
        Selectors.error("FailedCall()"),
        () -> kms.send(owner, kms.kms(), FIVE, owner, false, true, DEVICE, COMPOSE));
  }

  @Test
  void failsWithAnImplementationWithoutCode() {
    kms.owner("setAppImplementation(address)", stranger);
    Policies.assertRevertData(
        Selectors.error("ERC1967InvalidImplementation(address)", stranger),
        () -> kms.send(owner, kms.kms(), FIVE, owner, false, true, DEVICE, COMPOSE));
  }

  @Test
  void servesAnOlderKmsWithItsFiveArguments() {
    Address legacyKms = chain.deploy(owner, TestContracts.deployment("LegacyKms"));
    Bytes setUp = Calldata.of("initialize(address,address)", owner, kms.appImplementation());
    Address proxy = Deployment.proxy(chain, owner, legacyKms, setUp);
    Bytes call = Calldata.of(FIVE, stranger, false, true, DEVICE, COMPOSE);
    Address app = Returned.of(chain.call(owner, proxy, call)).address(0);
    chain.send(owner, proxy, call);
    assertThat(kms.read(app, "version()").number(0)).isEqualTo(2);
    assertThat(kms.read(app, "owner()").address(0)).isEqualTo(stranger);
  }

  private List<Receipt.Log> registered(Address app, Address caller) {
    return List.of(
        Selectors.log(kms.kms(), "AppRegistered(address)", List.of(), app),
        Selectors.policy(kms.kms(), caller, "registered-app", app.word(), true),
        Selectors.log(
            kms.kms(),
            "AppDeployedViaFactory(address,address)",
            List.of(app.word(), caller.word())));
  }
}
