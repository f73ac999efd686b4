package dstack.kms.chain.rpc;

import static dstack.kms.chain.rpc.RpcClientTest.json;
import static dstack.kms.chain.rpc.RpcClientTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.core.bytes.Bytes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several questions in one exchange: ids 1 and 2, the chain's number and the code at zero. */
@Timeout(30)
final class BatchTest {
  private final RpcQuery<Long> chainId = Eth.chainId();
  private final RpcQuery<Bytes> code = Eth.code(Address.ZERO, BlockAt.latest());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'jsonrpc':'2.0','id':2,'result':'0x60'}]",
        "[{'jsonrpc':'2.0','id':2,'result':'0x60'},{'jsonrpc':'2.0','id':1,'result':'0x5'}]",
      })
  void findsEachAnswerByItsIdInAnyOrder(String body) {
    try (FakeNode node = FakeNode.answering(json(body))) {
      RpcAnswers answers = ask(node);
      assertThat(answers.value(chainId)).isEqualTo(5);
      assertThat(answers.value(code)).isEqualTo(Bytes.fromHex("60"));
      assertThat(node.requests())
          .containsExactly(
              json(
                  "[{'jsonrpc':'2.0','id':1,'method':'eth_chainId','params':[]},"
                      + "{'jsonrpc':'2.0','id':2,'method':'eth_getCode','params':["
                      + "'0x0000000000000000000000000000000000000000','latest']}]"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // an object instead of the batch
        "{'jsonrpc':'2.0','id':1,'result':'0x5'}",
        // too short, empty, too long
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'}]",
        "[]",
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'jsonrpc':'2.0','id':2,'result':'0x'},"
            + "{'jsonrpc':'2.0','id':3,'result':'0x'}]",
        // the same id twice, a foreign one, none
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'jsonrpc':'2.0','id':1,'result':'0x5'}]",
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'jsonrpc':'2.0','id':7,'result':'0x60'}]",
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'jsonrpc':'2.0','id':null,'result':'0x60'}]",
      })
  void refusesABatchThatIsNotExactlyTheOneAskedFor(String body) {
    assertThat(codeOf(body)).isEqualTo(RpcRefusal.MISMATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},null]",
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'jsonrpc':'2.0','id':2}]",
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'id':2,'result':'0x60'}]",
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'jsonrpc':'2.0','id':2,'result':'0x60'}],",
        "[{'jsonrpc':'2.0','id':1,'result':'0x5'},"
            + "{'jsonrpc':'2.0','id':2,'result':'0x60','result':'0x61'}]",
      })
  void refusesTheWholeBatchForOneAnswerThatIsNone(String body) {
    assertThat(codeOf(body)).isEqualTo(RpcRefusal.MALFORMED);
  }

  @Test
  void saysWhatTheEndpointHoldsAgainstTheBatch() {
    assertThat(
            codeOf(
                "{'jsonrpc':'2.0','id':null,'error':{'code':-32005,'message':'batch too large'}}"))
        .isEqualTo(RpcRefusal.ERROR);
  }

  @Test
  void keepsResultsBesideAnError() {
    try (FakeNode node =
        FakeNode.answering(
            json(
                "[{'jsonrpc':'2.0','id':1,'result':'0x5'},{'jsonrpc':'2.0','id':2,'error':"
                    + "{'code':-32601,'message':'the method does not exist'}}]"))) {
      RpcAnswers answers = ask(node);
      assertThat(answers.value(chainId)).isEqualTo(5);
      assertThat(answers.of(code)).isInstanceOf(RpcAnswer.Failure.class);
      assertThat(refusal(() -> answers.value(code)))
          .hasMessageContaining("eth_getCode")
          .hasMessageContaining("error -32601: the method does not exist");
    }
  }

  /** Each proof has room for fifteen full branches of a trie; those of public chains have nine. */
  @Test
  void anAnswerIsAsLongAsThoseToAllItsQuestionsMayBe() {
    RpcQuery<?> proof = Eth.proof(Address.ZERO, List.of(Word.ZERO), BlockAt.latest());
    RpcQuery<?> call = Eth.call(Call.of(Address.ZERO, Bytes.EMPTY), 21_000, BlockAt.latest());
    assertThat(tooLong(List.of(proof), 32 << 10)).isFalse();
    assertThat(tooLong(List.of(proof), (32 << 10) + 1)).isTrue();
    assertThat(tooLong(List.of(proof, call), 96 << 10)).isFalse();
    assertThat(tooLong(List.of(proof, call), (96 << 10) + 1)).isTrue();
    assertThat(tooLong(List.of(Eth.block(1), call), 2 << 20)).isFalse();
    assertThat(tooLong(List.of(Eth.block(1), call), (2 << 20) + 1)).isTrue();
  }

  private static boolean tooLong(List<RpcQuery<?>> queries, int length) {
    try (FakeNode node = FakeNode.answering(" ".repeat(length));
        RpcClient client = new RpcClient(node.endpoint(), RpcLimits.DEFAULT)) {
      Deadline deadline = Deadline.in(Duration.ofSeconds(10));
      return refusal(() -> client.exchange(queries, deadline)).code() == RpcRefusal.TOO_LARGE;
    }
  }

  @Test
  void refusesAResultOfAnotherForm() {
    for (String number : List.of("5", "'5'", "'0x'", "'0x05'", "'0xg'", "null", "['0x5']")) {
      try (FakeNode node =
          FakeNode.answering(
              json(
                  "[{'jsonrpc':'2.0','id':1,'result':"
                      + number
                      + "},{'jsonrpc':'2.0','id':2,'result':'0x'}]"))) {
        RpcAnswers answers = ask(node);
        assertThat(refusal(() -> answers.of(chainId)).code()).isEqualTo(RpcRefusal.RESULT);
      }
    }
  }

  private Object codeOf(String body) {
    try (FakeNode node = FakeNode.answering(json(body))) {
      return refusal(() -> ask(node)).code();
    }
  }

  private RpcAnswers ask(FakeNode node) {
    try (RpcClient client = new RpcClient(node.endpoint(), RpcLimits.DEFAULT)) {
      return client.exchange(List.of(chainId, code), Deadline.in(Duration.ofSeconds(10)));
    }
  }
}
