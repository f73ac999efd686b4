package dstack.kms.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.databind.JsonNode;

/** Whatever an endpoint sends is an answer to exactly what was asked, or a refusal. */
final class RpcAnswerFuzz {
  private static final Envelope ENVELOPE =
      new Envelope(new ErrorReader(RpcUrl.of("https://rpc.example/key-of-a-customer")));

  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    open(Bytes.of(input));
  }

  /** The part behind a right beginning. */
  @FuzzTest(maxDuration = "10s")
  void anyMembers(byte[] input) {
    open(Bytes.concat(Bytes.utf8("{\"jsonrpc\":\"2.0\",\"id\":1,"), Bytes.of(input)));
    open(Bytes.concat(Bytes.utf8("[{\"jsonrpc\":\"2.0\",\"id\":1,"), Bytes.of(input)));
  }

  @Property
  void anySmallBytes(@ForAll byte[] input) {
    open(Bytes.of(input));
  }

  private static void open(Bytes input) {
    try {
      look(ENVELOPE.single(input, 1));
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(RpcRefusal.class);
    }
    try {
      Map<Long, RpcAnswer<JsonNode>> answers = ENVELOPE.batch(input, List.of(1L, 2L));
      assertThat(answers).containsOnlyKeys(1L, 2L);
      answers.values().forEach(RpcAnswerFuzz::look);
    } catch (RefusalException e) {
      assertThat(e.code()).isInstanceOf(RpcRefusal.class);
    }
  }

  private static void look(RpcAnswer<JsonNode> answer) {
    switch (answer) {
      case RpcAnswer.Failure<JsonNode>(RpcError error) ->
          assertThat(error.message().codePointCount(0, error.message().length()))
              .isLessThanOrEqualTo(256);
      case RpcAnswer.Result<JsonNode>(JsonNode result) -> read(result);
    }
  }

  private static void read(JsonNode result) {
    for (RpcQuery<?> query :
        List.of(
            Eth.chainId(),
            Eth.block(1),
            Eth.code(dstack.kms.chain.account.Address.ZERO, BlockAt.latest()),
            Eth.proof(dstack.kms.chain.account.Address.ZERO, List.of(), BlockAt.latest()))) {
      try {
        query.read(result);
      } catch (RefusalException e) {
        assertThat(e.code()).isEqualTo(RpcRefusal.RESULT);
      }
    }
  }
}
