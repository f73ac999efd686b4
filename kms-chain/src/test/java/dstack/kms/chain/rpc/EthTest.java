package dstack.kms.chain.rpc;

import static dstack.kms.chain.rpc.RpcClientTest.json;
import static dstack.kms.chain.rpc.RpcClientTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Anvil;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.protocol.core.BatchRequest;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.response.EthBlockNumber;

/** The typed questions against a real chain. */
@Timeout(60)
final class EthTest {
  private static final Address CONTRACT = new Address(Bytes.fromHex("c0".repeat(20)));

  /** Returns the word in slot 1. */
  private static final String RETURNS_SLOT_1 = "60015460005260206000f3";

  private static Anvil anvil;
  private static RpcClient client;

  @BeforeAll
  static void start() throws IOException {
    anvil = Anvil.start();
    client = new RpcClient(ChainEndpoint.of(RpcUrl.of(anvil.url().toString())), RpcLimits.DEFAULT);
    tell("anvil_setCode", "'" + CONTRACT.lowerCase() + "','0x" + RETURNS_SLOT_1 + "'");
    tell(
        "anvil_setStorageAt",
        "'" + CONTRACT.lowerCase() + "','" + slot(1) + "','" + Word.of(BigInteger.TWO) + "'");
    tell("anvil_mine", "'0x2'");
  }

  @AfterAll
  static void stop() {
    client.close();
    anvil.close();
  }

  @Test
  void readsHeadersByTagHeightAndHash() {
    BlockHeader latest = client.ask(Eth.block(BlockTag.LATEST)).orElseThrow();
    BlockHeader below = client.ask(Eth.block(latest.number() - 1)).orElseThrow();
    assertThat(latest.parentHash()).isEqualTo(below.hash());
    assertThat(client.ask(Eth.block(below.hash()))).contains(below);
    assertThat(client.ask(Eth.block(1_000_000))).isEmpty();
    assertThat(client.ask(Eth.block(BlockTag.FINALIZED))).isPresent();
  }

  @Test
  void readsCodeStorageAndCallsAtOneBlockInOneExchange() {
    BlockAt at = BlockAt.of(client.ask(Eth.block(BlockTag.LATEST)).orElseThrow().ref());
    RpcQuery<Bytes> code = Eth.code(CONTRACT, at);
    RpcQuery<Word> storage = Eth.storage(CONTRACT, slot(1), at);
    RpcQuery<Bytes> call = Eth.call(Call.of(CONTRACT, Bytes.EMPTY), 100_000, at);
    RpcQuery<AccountProof> proof = Eth.proof(CONTRACT, List.of(slot(1), slot(0)), at);
    RpcAnswers answers =
        client.exchange(List.of(code, storage, call, proof), Deadline.in(Duration.ofSeconds(10)));

    assertThat(answers.value(code)).isEqualTo(Bytes.fromHex(RETURNS_SLOT_1));
    assertThat(answers.value(storage)).isEqualTo(Word.of(BigInteger.TWO));
    assertThat(answers.value(call)).isEqualTo(Word.of(BigInteger.TWO).value());
    assertThat(answers.value(proof).nodes()).isNotEmpty();
    assertThat(answers.value(proof).slots())
        .extracting(AccountProof.Slot::value)
        .containsExactly(Word.of(BigInteger.TWO), Word.ZERO);
  }

  @Test
  void hasAnErrorForABlockThatIsNotThere() {
    BlockAt nowhere = new BlockAt.ByHash(Word.of(BigInteger.TEN));
    assertThat(refusal(() -> client.ask(Eth.code(CONTRACT, nowhere))).code())
        .isEqualTo(RpcRefusal.ERROR);
  }

  @Test
  void refusesProofsOfOtherSlotsThanThoseAsked() throws IOException {
    BlockAt at = BlockAt.latest();
    String right =
        FakeNode.ask(
            anvil.url(),
            json(
                "{'jsonrpc':'2.0','id':1,'method':'eth_getProof','params':['"
                    + (CONTRACT.lowerCase() + "',['" + slot(1) + "'],'latest']}")));
    try (FakeNode node = FakeNode.answering(right);
        RpcClient other = new RpcClient(node.endpoint(), RpcLimits.DEFAULT)) {
      RefusalException refusal =
          refusal(() -> other.ask(Eth.proof(CONTRACT, List.of(slot(2)), at)));
      assertThat(refusal.code()).isEqualTo(RpcRefusal.RESULT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{'number':'0x1','hash':'0x12','parentHash':'0x12','stateRoot':'0x12','timestamp':'0x1'}",
        "{'number':'0x8000000000000000','timestamp':'0x1'}",
        "{'number':'0x1','timestamp':'0x3afff44180'}",
        "{'number':'0x1','timestamp':'0xffffffffffffffffff'}",
      })
  void refusesAHeaderThatIsNone(String header) {
    String body = json("{'jsonrpc':'2.0','id':1,'result':" + header + "}");
    try (FakeNode node = FakeNode.answering(body);
        RpcClient other = new RpcClient(node.endpoint(), RpcLimits.DEFAULT)) {
      assertThat(refusal(() -> other.ask(Eth.block(BlockTag.LATEST))).code())
          .isEqualTo(RpcRefusal.RESULT);
    }
  }

  @Test
  void carriesWeb3jSingleAndInBatches() throws IOException {
    assertThat(client.web3j().ethChainId().send().getChainId()).isEqualTo(31337);
    BatchRequest batch = client.web3j().newBatch();
    batch.add(client.web3j().ethBlockNumber());
    batch.add(client.web3j().ethGetCode(CONTRACT.lowerCase(), DefaultBlockParameterName.LATEST));
    assertThat(batch.send().getResponses())
        .hasSize(2)
        .first()
        .isInstanceOfSatisfying(
            EthBlockNumber.class, number -> assertThat(number.getBlockNumber()).isPositive());
  }

  @Test
  void refusesWeb3jAnAnswerWithAnotherIdOrTwoResults() {
    for (String body :
        List.of(
            "{'jsonrpc':'2.0','id':-5,'result':'0x1'}",
            "{'jsonrpc':'2.0','id':ID,'result':'0x1','result':'0x2'}",
            "{'jsonrpc':'2.0','id':ID}")) {
      try (FakeNode node =
              new FakeNode(request -> FakeNode.Reply.of(json(body).replace("ID", idOf(request))));
          RpcClient other = new RpcClient(node.endpoint(), RpcLimits.DEFAULT)) {
        assertThat(refusal(() -> other.web3j().ethChainId().send()).code())
            .isIn(RpcRefusal.MALFORMED, RpcRefusal.MISMATCH);
      }
    }
  }

  private static String idOf(String request) {
    return request.replaceAll(".*\"id\":(\\d+).*", "$1");
  }

  private static Word slot(int number) {
    return Word.of(BigInteger.valueOf(number));
  }

  private static void tell(String method, String params) throws IOException {
    String request = "{'jsonrpc':'2.0','id':1,'method':'" + method + "','params':[" + params + "]}";
    assertThat(FakeNode.ask(anvil.url(), json(request))).doesNotContain("error");
  }
}
