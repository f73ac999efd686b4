package dstack.kms.chain.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.testing.Answer;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The first rule that is named is the one that the contract itself names. */
final class ExplanationTest extends ChainTest {
  private static final Bytes IMAGE = Bytes.fromHex("22".repeat(32));
  private static final Bytes MR = Bytes.fromHex("11".repeat(32));
  private static final Bytes DEVICE = Bytes.fromHex("77".repeat(32));
  private static final Bytes COMPOSE = Bytes.fromHex("33".repeat(32));

  private RpcClient client;

  @BeforeAll
  void connect() {
    client = new RpcClient(ChainEndpoint.of(RpcUrl.of(chain.url().toString())), RpcLimits.DEFAULT);
  }

  @AfterAll
  void close() {
    client.close();
  }

  @Test
  void namesEveryRuleThatANodeFailsInTheContractsOrder() {
    BootInfo boot = boot(Address.ZERO, IMAGE, "OutOfDate");
    assertThat(kms(boot))
        .extracting(Shortfall::rule)
        .containsExactly(Rule.KMS_TCB, Rule.OS_IMAGE, Rule.KMS_MEASUREMENT, Rule.KMS_DEVICE);
    assertThat(kms(boot))
        .extracting(Shortfall::command)
        .containsExactly(
            "",
            "kms gov image add 0x" + IMAGE.hex(),
            "kms gov mr add 0x" + MR.hex(),
            "kms gov device add 0x" + DEVICE.hex());
  }

  @Test
  void agreesWithTheContractAboutANodeAtEveryStepUntilItIsAllowed() {
    agreesAboutKms();
    kms.owner("addOsImageHash(bytes32)", new Word(IMAGE));
    agreesAboutKms();
    kms.owner("addKmsAggregatedMr(bytes32)", new Word(MR));
    agreesAboutKms();
    kms.owner("addKmsDevice(bytes32)", new Word(DEVICE));
    agreesAboutKms();
    assertThat(kms(boot(Address.ZERO, IMAGE, "UpToDate"))).isEmpty();
  }

  @Test
  void agreesWithTheContractAboutAnAppAtEveryStepUntilItIsAllowed() {
    Address stray = chain.account(5);
    agreesAboutApp(stray);
    kms.send(stranger, kms.kms(), "registerApp(address)", stray);
    agreesAboutApp(stray);
    kms.owner("addOsImageHash(bytes32)", new Word(IMAGE));
    agreesAboutApp(stray);
    Address app = kms.deployApp(owner, false, true, false, Word.ZERO, Word.ZERO);
    agreesAboutApp(app);
    kms.send(owner, app, "addComposeHash(bytes32)", new Word(COMPOSE));
    agreesAboutApp(app);
    kms.send(owner, app, "addDevice(bytes32)", new Word(DEVICE));
    agreesAboutApp(app);
    assertThat(app(boot(app, IMAGE, "UpToDate"))).isEmpty();
  }

  @Test
  void asksForNoDeviceWhereTheOwnerAllowsAny() {
    Address app = kms.deployApp(owner, false, false, true, Word.ZERO, new Word(COMPOSE));
    kms.owner("addOsImageHash(bytes32)", new Word(IMAGE));
    assertThat(app(boot(app, IMAGE, "OutOfDate"))).isEmpty();
  }

  @Test
  void namesTheFirmwareWhereTheOwnerDemandsIt() {
    Address app = kms.deployApp(owner, false, true, true, Word.ZERO, new Word(COMPOSE));
    kms.owner("addOsImageHash(bytes32)", new Word(IMAGE));
    assertThat(app(boot(app, IMAGE, "")))
        .singleElement()
        .satisfies(
            lack -> {
              assertThat(lack.rule()).isEqualTo(Rule.APP_TCB);
              assertThat(lack.says()).contains("this platform has none", "require-tcb");
              assertThat(lack.command()).isEmpty();
            });
  }

  @Test
  void offersNoCommandForAnImageThatTheEvidenceDoesNotName() {
    assertThat(kms(boot(Address.ZERO, Bytes.EMPTY, "UpToDate")))
        .filteredOn(lack -> lack.rule() == Rule.OS_IMAGE)
        .singleElement()
        .satisfies(
            lack -> {
              assertThat(lack.command()).isEmpty();
              assertThat(lack.says()).contains("-uki.tar.gz");
            });
  }

  private void agreesAboutKms() {
    Answer said = kms.isKmsAllowed(Boot.ofKms(new Word(MR), new Word(DEVICE), new Word(IMAGE)));
    agrees(kms(boot(Address.ZERO, IMAGE, "UpToDate")), said);
  }

  private void agreesAboutApp(Address app) {
    Answer said =
        kms.isAppAllowed(Boot.ofApp(app, new Word(COMPOSE), new Word(DEVICE), new Word(IMAGE)));
    agrees(app(boot(app, IMAGE, "UpToDate")), said);
  }

  private static void agrees(List<Shortfall> lacks, Answer said) {
    String first = lacks.isEmpty() ? "" : lacks.getFirst().rule().reason();
    assertThat(first).isEqualTo(said.reason());
    assertThat(lacks.isEmpty()).isEqualTo(said.isAllowed());
  }

  private List<Shortfall> kms(BootInfo boot) {
    return Explanation.ofKms(new Endpoint(client), kms.kms(), boot);
  }

  private List<Shortfall> app(BootInfo boot) {
    return Explanation.ofApp(new Endpoint(client), kms.kms(), boot);
  }

  private static BootInfo boot(Address app, Bytes image, String status) {
    return new BootInfo(
        TeeVariant.TDX,
        MR,
        image,
        Bytes.zeros(32),
        new AppId(app.value()),
        new ComposeHash(COMPOSE),
        new InstanceId(Bytes.EMPTY),
        DEVICE,
        Bytes.EMPTY,
        status,
        List.of());
  }
}
