package dstack.kms.chain.proof.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.contract.KnownCode;
import dstack.kms.chain.contract.OwnContract;
import dstack.kms.chain.policy.AppBootInfo;
import dstack.kms.chain.policy.PolicyAnswer;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.policy.Route;
import dstack.kms.chain.policy.Verdict;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.BlockTag;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.testing.Answer;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.TestContracts;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.crypto.Keccak;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contracts' rules over proved storage are the contracts' own answers at the same block. */
class ProvenPolicyTest extends ChainTest {
  private static final Word IMAGE = word("22");
  private static final Word MR = word("11");
  private static final Word DEVICE = word("77");
  private static final Word COMPOSE = word("55");
  private static final Word OTHER = word("99");

  private RpcClient client;
  private ProvenPolicy policy;

  private static Word word(String digits) {
    return Word.parse(digits.repeat(32));
  }

  @BeforeEach
  void opensAClient() {
    client = new RpcClient(ChainEndpoint.of(RpcUrl.of(chain.url().toString())), RpcLimits.DEFAULT);
    policy = new ProvenPolicy(kms.kms(), KnownContracts.ofThisProgram());
  }

  @AfterEach
  void closesTheClient() {
    client.close();
  }

  private PolicyAnswer proven(ProvenPolicy by, Route route, Boot boot) {
    BlockHeader block = client.ask(Eth.block(BlockTag.LATEST)).orElseThrow();
    AppBootInfo workload =
        new AppBootInfo(
            boot.appId(),
            boot.composeHash(),
            boot.instanceId(),
            boot.deviceId(),
            boot.mrAggregated(),
            boot.mrSystem(),
            boot.osImageHash(),
            boot.tcbStatus(),
            boot.advisoryIds());
    return by.answer(
        client, block, new PolicyQuestion(route, workload), Deadline.in(Duration.ofSeconds(20)));
  }

  private void sameAsTheContract(Route route, Boot boot, String expected) {
    Answer called = route == Route.KMS ? kms.isKmsAllowed(boot) : kms.isAppAllowed(boot);
    PolicyAnswer proven = proven(policy, route, boot);
    assertThat(called.reason()).isEqualTo(expected);
    assertThat(proven.verdict()).isEqualTo(new Verdict(called.isAllowed(), called.reason()));
    assertThat(proven.gatewayAppId()).isEqualTo(kms.read(kms.kms(), "gatewayAppId()").text(0));
  }

  private void refused(PolicyStorageRefusal reason, Route route, Boot boot) {
    assertThatThrownBy(() -> proven(policy, route, boot))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
  }

  private Address newApp(boolean requireUpToDate, boolean anyDevice) {
    return kms.deployApp(owner, false, requireUpToDate, anyDevice, DEVICE, COMPOSE);
  }

  /** The ladder of specification 90 §3. */
  @Test
  void climbsTheLadderOfAKmsLikeTheContract() {
    Boot node = Boot.ofKms(MR, DEVICE, IMAGE);
    sameAsTheContract(Route.KMS, node, "OS image is not allowed");
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    sameAsTheContract(Route.KMS, node, "Aggregated MR not allowed");
    kms.owner("addKmsAggregatedMr(bytes32)", MR);
    sameAsTheContract(Route.KMS, node, "KMS is not allowed to boot on this device");
    kms.owner("addKmsDevice(bytes32)", DEVICE);
    kms.owner("setGatewayAppId(string)", "any");
    sameAsTheContract(Route.KMS, node, "");
    sameAsTheContract(Route.KMS, node.withTcbStatus("OutOfDate"), "TCB status is not up to date");
    sameAsTheContract(Route.KMS, node.withTcbStatus(""), "TCB status is not up to date");
    sameAsTheContract(Route.KMS, node.withTcbStatus("uptodate"), "TCB status is not up to date");
    kms.owner("removeKmsDevice(bytes32)", DEVICE);
    sameAsTheContract(Route.KMS, node, "KMS is not allowed to boot on this device");
    kms.owner("removeKmsAggregatedMr(bytes32)", MR);
    sameAsTheContract(Route.KMS, node, "Aggregated MR not allowed");
    kms.owner("removeOsImageHash(bytes32)", IMAGE);
    sameAsTheContract(Route.KMS, node, "OS image is not allowed");
  }

  @Test
  void climbsTheLadderOfAnAppLikeTheContract() {
    Address app = Address.parse("0x4444444444444444444444444444444444444444");
    sameAsTheContract(Route.APP, Boot.ofApp(app, COMPOSE, DEVICE, IMAGE), "App not registered");
    kms.send(stranger, kms.kms(), "registerApp(address)", app);
    Boot registered = Boot.ofApp(app, COMPOSE, DEVICE, IMAGE);
    sameAsTheContract(Route.APP, registered, "OS image is not allowed");
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    sameAsTheContract(Route.APP, registered, "App not deployed or invalid address");
    Address real = newApp(false, false);
    Boot boot = Boot.ofApp(real, COMPOSE, DEVICE, IMAGE);
    sameAsTheContract(Route.APP, boot, "");
    sameAsTheContract(Route.APP, boot.withTcbStatus("OutOfDate"), "");
    sameAsTheContract(
        Route.APP, Boot.ofApp(real, OTHER, DEVICE, IMAGE), "Compose hash not allowed");
    sameAsTheContract(Route.APP, Boot.ofApp(real, COMPOSE, OTHER, IMAGE), "Device not allowed");
    sameAsTheContract(
        Route.APP, Boot.ofApp(real, COMPOSE, DEVICE, OTHER), "OS image is not allowed");
    kms.send(owner, real, "setRequireTcbUpToDate(bool)", true);
    sameAsTheContract(Route.APP, boot, "");
    sameAsTheContract(Route.APP, boot.withTcbStatus("OutOfDate"), "TCB status is not up to date");
    kms.send(owner, real, "setAllowAnyDevice(bool)", true);
    sameAsTheContract(Route.APP, Boot.ofApp(real, COMPOSE, OTHER, IMAGE), "");
    kms.send(owner, real, "disableUpgrades()");
    sameAsTheContract(Route.APP, Boot.ofApp(real, COMPOSE, OTHER, IMAGE), "");
    kms.send(owner, real, "setAllowAnyDevice(bool)", false);
    sameAsTheContract(Route.APP, Boot.ofApp(real, COMPOSE, OTHER, IMAGE), "Device not allowed");
    kms.send(owner, real, "removeComposeHash(bytes32)", COMPOSE);
    sameAsTheContract(Route.APP, boot, "Compose hash not allowed");
  }

  @Test
  void decidesAtTheBlockThatItIsGivenAndNoOther() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    Address app = newApp(false, true);
    Boot boot = Boot.ofApp(app, COMPOSE, OTHER, IMAGE);
    BlockHeader before = client.ask(Eth.block(BlockTag.LATEST)).orElseThrow();
    kms.owner("removeOsImageHash(bytes32)", IMAGE);
    AppBootInfo workload =
        new AppBootInfo(
            app, COMPOSE, Address.ZERO, OTHER, Word.ZERO, Word.ZERO, IMAGE, "", List.of());
    PolicyQuestion question = new PolicyQuestion(Route.APP, workload);
    Deadline deadline = Deadline.in(Duration.ofSeconds(20));
    assertThat(policy.answer(client, before, question, deadline).verdict().allowed()).isTrue();
    assertThat(proven(policy, Route.APP, boot).verdict().allowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 40, 42, 64, 65, 96})
  void namesTheGatewayLikeTheContract(int length) {
    kms.owner("setGatewayAppId(string)", "g".repeat(length));
    sameAsTheContract(Route.KMS, Boot.ofKms(MR, DEVICE, IMAGE), "OS image is not allowed");
    kms.owner("setGatewayAppId(string)", "any");
    sameAsTheContract(Route.KMS, Boot.ofKms(MR, DEVICE, IMAGE), "OS image is not allowed");
  }

  @Test
  void refusesAGatewayThatIsLongerThanAnyName() {
    kms.owner("setGatewayAppId(string)", "g".repeat(97));
    refused(PolicyStorageRefusal.STORAGE_TEXT, Route.KMS, Boot.ofKms(MR, DEVICE, IMAGE));
  }

  /** Anybody can register a contract that allows everything (specification 20 §10). */
  @Test
  void refusesAnAppWhoseContractIsNoKnownProxy() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    Address bare = Deployment.deploy(chain, stranger, OwnContract.DSTACK_APP);
    kms.send(stranger, kms.kms(), "registerApp(address)", bare);
    refused(
        PolicyStorageRefusal.UNKNOWN_PROXY, Route.APP, Boot.ofApp(bare, COMPOSE, DEVICE, IMAGE));
  }

  @Test
  void refusesAnAppThatWasUpgradedToUnknownCode() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    Address app = newApp(false, false);
    Boot boot = Boot.ofApp(app, COMPOSE, DEVICE, IMAGE);
    sameAsTheContract(Route.APP, boot, "");
    Address other = chain.deploy(stranger, TestContracts.deployment("LegacyApp"));
    kms.send(owner, app, "upgradeToAndCall(address,bytes)", other, Bytes.EMPTY);
    refused(PolicyStorageRefusal.UNKNOWN_IMPLEMENTATION, Route.APP, boot);
  }

  @Test
  void takesAnotherCopyOfTheKnownCodeAtAnotherAddress() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    Address app = newApp(false, false);
    Address copy = Deployment.deploy(chain, stranger, OwnContract.DSTACK_APP);
    kms.send(owner, app, "upgradeToAndCall(address,bytes)", copy, Bytes.EMPTY);
    sameAsTheContract(Route.APP, Boot.ofApp(app, COMPOSE, DEVICE, IMAGE), "");
  }

  @Test
  void refusesAKmsOfUnknownCodeUnlessItIsNamed() {
    Word proxyHash = new Word(Keccak.keccak256(chain.code(kms.kms())));
    KnownCode proxyOnly = KnownCode.none().plus(OwnContract.ERC1967_PROXY, proxyHash);
    Boot node = Boot.ofKms(MR, DEVICE, IMAGE);
    policy = new ProvenPolicy(kms.kms(), new KnownContracts(KnownCode.none(), Set.of(), Set.of()));
    refused(PolicyStorageRefusal.UNKNOWN_PROXY, Route.KMS, node);
    policy = new ProvenPolicy(kms.kms(), new KnownContracts(proxyOnly, Set.of(), Set.of()));
    refused(PolicyStorageRefusal.UNKNOWN_IMPLEMENTATION, Route.KMS, node);
    policy =
        new ProvenPolicy(
            kms.kms(), new KnownContracts(proxyOnly, Set.of(), Set.of(kms.kmsImplementation())));
    refused(PolicyStorageRefusal.UNKNOWN_IMPLEMENTATION, Route.KMS, node);
    policy =
        new ProvenPolicy(
            kms.kms(), new KnownContracts(proxyOnly, Set.of(kms.kmsImplementation()), Set.of()));
    sameAsTheContract(Route.KMS, node, "OS image is not allowed");
  }

  @Test
  void refusesAPolicyContractThatIsNone() {
    policy = new ProvenPolicy(stranger, KnownContracts.ofThisProgram());
    refused(PolicyStorageRefusal.UNKNOWN_PROXY, Route.KMS, Boot.ofKms(MR, DEVICE, IMAGE));
    policy = new ProvenPolicy(kms.appImplementation(), KnownContracts.ofThisProgram());
    refused(PolicyStorageRefusal.UNKNOWN_PROXY, Route.KMS, Boot.ofKms(MR, DEVICE, IMAGE));
  }

  /** An app's proxy before the implementation of a KMS has another layout under the same keys. */
  @Test
  void doesNotTakeTheImplementationOfOneContractForTheOther() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    Bytes setUp = Calldata.of("initialize(address,address)", owner, kms.appImplementation());
    Address odd = Deployment.proxy(chain, stranger, kms.kmsImplementation(), setUp);
    kms.send(stranger, kms.kms(), "registerApp(address)", odd);
    refused(
        PolicyStorageRefusal.UNKNOWN_IMPLEMENTATION,
        Route.APP,
        Boot.ofApp(odd, COMPOSE, DEVICE, IMAGE));
  }

  @Test
  void refusesSwitchesThatTheContractNeverWrites() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    Address app = newApp(false, false);
    Word one = Word.parse("00".repeat(31) + "01");
    for (String flags : List.of("000002", "000200", "010000")) {
      Word value = Word.parse("00".repeat(29) + flags);
      chain.rpc("anvil_setStorageAt", app.lowerCase(), one.text(), value.text());
      chain.rpc("evm_mine");
      refused(
          PolicyStorageRefusal.STORAGE_VALUE, Route.APP, Boot.ofApp(app, COMPOSE, DEVICE, IMAGE));
    }
  }
}
