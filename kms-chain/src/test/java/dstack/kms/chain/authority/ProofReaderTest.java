package dstack.kms.chain.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.head.ChainView;
import dstack.kms.chain.policy.AppBootInfo;
import dstack.kms.chain.policy.PolicyQuestion;
import dstack.kms.chain.policy.Route;
import dstack.kms.chain.policy.Verdict;
import dstack.kms.chain.proof.header.HeaderRefusal;
import dstack.kms.chain.proof.policy.KnownContracts;
import dstack.kms.chain.proof.policy.ProvenPolicy;
import dstack.kms.chain.proof.state.StateRefusal;
import dstack.kms.chain.proof.trie.TrieRefusal;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.chain.rpc.BlockTag;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.Deadline;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.rpc.RpcRefusal;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An endpoint that lies about a real chain, alone and beside an honest one. */
class ProofReaderTest extends ChainTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Word IMAGE = Word.parse("22".repeat(32));
  private static final Word DEVICE = Word.parse("77".repeat(32));
  private static final Word COMPOSE = Word.parse("55".repeat(32));
  private static final int IMAGE_SLOT = 8;

  private final List<AutoCloseable> open = new ArrayList<>();
  private FakeNode liar;
  private RpcClient honest;
  private Address app;
  private ProofReader reader;

  @BeforeEach
  void opensEndpoints() {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    app = kms.deployApp(owner, false, false, false, DEVICE, COMPOSE);
    liar = FakeNode.before(chain.url());
    honest = client(ChainEndpoint.of(RpcUrl.of(chain.url().toString())));
    reader = new ProofReader(new ProvenPolicy(kms.kms(), KnownContracts.ofThisProgram()));
    open.add(liar);
  }

  @AfterEach
  void closesEverything() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    open.clear();
  }

  private RpcClient client(ChainEndpoint endpoint) {
    RpcClient client = new RpcClient(endpoint, RpcLimits.DEFAULT);
    open.add(client);
    return client;
  }

  private BlockHeader latest() {
    return honest.ask(Eth.block(BlockTag.LATEST)).orElseThrow();
  }

  private PolicyQuestion question(Word compose) {
    return new PolicyQuestion(
        Route.APP,
        new AppBootInfo(
            app, compose, Address.ZERO, DEVICE, Word.ZERO, Word.ZERO, IMAGE, "", List.of()));
  }

  private PolicyFinding read(Word compose, RpcClient... endpoints) {
    BlockHeader block = latest();
    ChainView view = new ChainView(block, block, List.of(endpoints));
    return reader.read(question(compose), view, Deadline.in(Duration.ofSeconds(20)));
  }

  /** From now on the liar changes each answer, told the request that it is the answer to. */
  private void lie(String method, Consumer<ObjectNode> change) {
    liar.follow(
        request -> {
          JsonNode asked = JSON.readTree(request);
          JsonNode answers = JSON.readTree(FakeNode.ask(chain.url(), request));
          for (JsonNode answer : answers) {
            for (JsonNode one : asked) {
              if (one.get("id").equals(answer.get("id"))
                  && one.get("method").stringValue().equals(method)) {
                change.accept((ObjectNode) answer);
              }
            }
          }
          return FakeNode.Reply.of(JSON.writeValueAsString(answers));
        });
  }

  private void lieAboutProofs(Address account, Consumer<ObjectNode> change) {
    lie(
        "eth_getProof",
        answer -> {
          ObjectNode result = (ObjectNode) answer.get("result");
          if (result.get("address").stringValue().equals(account.lowerCase())) {
            change.accept(result);
          }
        });
  }

  private static ObjectNode slot(ObjectNode proof, int index) {
    return (ObjectNode) proof.get("storageProof").get(index);
  }

  /** Alone it is refused for its lie; beside an honest one the truth comes out and is counted. */
  private void isFoundOut(Class<? extends RefusalCode> reason, Word compose, boolean truth) {
    RpcClient lying = client(liar.endpoint());
    long before = reader.falseProofs();
    assertThatThrownBy(() -> read(compose, lying))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isInstanceOf(reason));
    assertThat(reader.falseProofs()).isEqualTo(before + 1);
    assertThat(read(compose, lying, honest).newest().allowed()).isEqualTo(truth);
    assertThat(reader.falseProofs()).isEqualTo(before + 2);
  }

  @Test
  void readsThroughAnEndpointThatTellsTheTruth() {
    RpcClient through = client(liar.endpoint());
    assertThat(read(COMPOSE, through).newest()).isEqualTo(new Verdict(true, ""));
    assertThat(read(IMAGE, through).newest())
        .isEqualTo(new Verdict(false, "Compose hash not allowed"));
    assertThat(reader.falseProofs()).isZero();
  }

  /** 41 P4: what was learned from the last decision makes the next one a single exchange. */
  @Test
  void needsOneExchangeForADecisionOnceTheImplementationsAreKnown() {
    RpcClient through = client(liar.endpoint());
    read(COMPOSE, through);
    kms.owner("setGatewayAppId(string)", "any");
    int before = liar.requests().size();
    assertThat(read(COMPOSE, through).chosen().gatewayAppId()).isEqualTo("any");
    assertThat(liar.requests()).hasSize(before + 1);
    read(COMPOSE, through);
    assertThat(liar.requests()).hasSize(before + 2);
    assertThat(liar.requests().getLast()).doesNotContain("eth_getBlockByHash");
  }

  @Test
  void refusesAValueThatIsNotInTheProof() {
    lieAboutProofs(app, proof -> slot(proof, 1).put("value", "0x1"));
    isFoundOut(StateRefusal.class, IMAGE, false);
    lieAboutProofs(app, proof -> slot(proof, 1).put("value", "0x0"));
    isFoundOut(StateRefusal.class, COMPOSE, true);
  }

  @Test
  void refusesAnAbsenceShownWithTheProofOfAnotherKey() {
    lieAboutProofs(
        app, proof -> slot(proof, 1).put("value", "0x0").set("proof", slot(proof, 4).get("proof")));
    isFoundOut(TrieRefusal.class, COMPOSE, true);
  }

  @Test
  void refusesAnAbsenceShownWithNothing() {
    lieAboutProofs(app, proof -> slot(proof, 1).put("value", "0x0").putArray("proof"));
    isFoundOut(TrieRefusal.class, COMPOSE, true);
  }

  @Test
  void refusesAnAbsenceOfTheWholeAccount() {
    lieAboutProofs(
        app,
        proof -> {
          proof.putArray("accountProof");
          proof.put("codeHash", "0x" + "00".repeat(32)).put("storageHash", "0x" + "00".repeat(32));
        });
    isFoundOut(TrieRefusal.class, COMPOSE, true);
  }

  @Test
  void refusesTheProofOfAnotherAppUnderThisOnesName() {
    Address generous = kms.deployApp(stranger, false, false, true, DEVICE, IMAGE);
    BlockHeader block = latest();
    lieAboutProofs(
        app,
        proof -> {
          List<Object> keys = new ArrayList<>();
          proof.get("storageProof").forEach(one -> keys.add(one.get("key").stringValue()));
          ObjectNode other =
              (ObjectNode)
                  chain.rpc(
                      "eth_getProof",
                      generous.lowerCase(),
                      keys,
                      "0x" + Long.toHexString(block.number()));
          proof.setAll(other);
          proof.put("address", app.lowerCase());
        });
    isFoundOut(TrieRefusal.class, IMAGE, false);
    lieAboutProofs(app, proof -> proof.put("address", generous.lowerCase()));
    isFoundOut(StateRefusal.class, COMPOSE, true);
  }

  /** What was allowed a block ago may have been revoked since. */
  @Test
  void t34_refusesTheProofsOfAnEarlierBlock() {
    String before = "0x" + Long.toHexString(latest().number());
    kms.owner("removeOsImageHash(bytes32)", IMAGE);
    lieAboutProofs(
        kms.kms(),
        proof -> {
          List<Object> keys = new ArrayList<>();
          proof.get("storageProof").forEach(one -> keys.add(one.get("key").stringValue()));
          proof.setAll((ObjectNode) chain.rpc("eth_getProof", kms.kms().lowerCase(), keys, before));
        });
    isFoundOut(TrieRefusal.class, COMPOSE, false);
  }

  @Test
  void refusesTheHeaderOfAnotherBlock() {
    lie(
        "eth_getBlockByHash",
        answer -> answer.set("result", chain.rpc("eth_getBlockByNumber", "0x1", false)));
    isFoundOut(HeaderRefusal.class, COMPOSE, true);
  }

  @Test
  void refusesAHeaderWithAnotherStateRoot() {
    lie(
        "eth_getBlockByHash",
        answer -> ((ObjectNode) answer.get("result")).put("stateRoot", "0x" + "12".repeat(32)));
    isFoundOut(HeaderRefusal.class, COMPOSE, true);
  }

  @Test
  void refusesAStorageHashThatTheAccountDoesNotHave() {
    lieAboutProofs(kms.kms(), proof -> proof.put("storageHash", "0x" + "12".repeat(32)));
    isFoundOut(StateRefusal.class, COMPOSE, true);
  }

  @Test
  void refusesEachNodeLeftOut() {
    for (int slot = 0; slot < 9; slot++) {
      int index = slot;
      lieAboutProofs(kms.kms(), proof -> ((ArrayNode) slot(proof, index).get("proof")).remove(0));
      RpcClient lying = client(liar.endpoint());
      assertThatThrownBy(() -> read(COMPOSE, lying))
          .as("slot %d", slot)
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isInstanceOf(TrieRefusal.class));
    }
    assertThat(IMAGE_SLOT).isLessThan(9);
  }

  /** By height and time a block was the newest; a hash that is old must not pass under new ones. */
  @Test
  void t34_refusesAnOldBlockThatWasNamedWithANewHeightOrTime() {
    BlockHeader real = latest();
    BlockHeader higher =
        new BlockHeader(
            real.number() + 1, real.hash(), real.parentHash(), real.stateRoot(), real.timestamp());
    BlockHeader later =
        new BlockHeader(
            real.number(),
            real.hash(),
            real.parentHash(),
            real.stateRoot(),
            real.timestamp().plusSeconds(1));
    for (BlockHeader named : List.of(higher, later)) {
      for (int time = 0; time < 2; time++) {
        ChainView view = new ChainView(named, named, List.of(honest));
        assertThatThrownBy(
                () -> reader.read(question(COMPOSE), view, Deadline.in(Duration.ofSeconds(20))))
            .isInstanceOfSatisfying(
                RefusalException.class,
                e -> assertThat(e.code()).isEqualTo(HeaderRefusal.OTHER_PLACE));
      }
    }
  }

  /** An endpoint without the method is no liar, and not believed for it either. */
  @Test
  void asksTheNextWhenAnEndpointHasNoProofs() throws IOException {
    lie(
        "eth_getProof",
        answer -> {
          answer.remove("result");
          answer.putObject("error").put("code", -32_601).put("message", "method not found");
        });
    RpcClient without = client(liar.endpoint());
    assertThatThrownBy(() -> read(COMPOSE, without))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(RpcRefusal.ERROR));
    assertThat(read(COMPOSE, without, honest).newest().allowed()).isTrue();
    assertThat(reader.falseProofs()).isZero();
  }

  @Test
  void grantsWaitAndRevocationsDoNot() {
    BlockHeader chosen = latest();
    kms.owner("removeOsImageHash(bytes32)", IMAGE);
    ChainView view = new ChainView(latest(), chosen, List.of(honest));
    PolicyFinding finding =
        reader.read(question(COMPOSE), view, Deadline.in(Duration.ofSeconds(20)));
    assertThat(finding.chosen().verdict().allowed()).isTrue();
    assertThat(finding.newest()).isEqualTo(new Verdict(false, "OS image is not allowed"));
  }
}
