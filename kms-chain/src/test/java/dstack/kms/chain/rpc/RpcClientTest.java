package dstack.kms.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.chain.testing.FakeNode;
import dstack.kms.chain.testing.FakeNode.Reply;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.RpcUrl;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Allocation;
import dstack.kms.testkit.LogGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class RpcClientTest {
  private static final RpcLimits LIMITS =
      new RpcLimits(Duration.ofSeconds(3), Duration.ofSeconds(10), 4096);

  @Test
  void takesTheResultOfTheQuestionItAsked() {
    assertThat(chainIdFrom("{'jsonrpc':'2.0','id':1,'result':'0x7a69'}")).isEqualTo(31337);
    assertThat(chainIdFrom("{'id':1,'result':'0x1','jsonrpc':'2.0','usage':{'credits':[1,2]}}"))
        .isEqualTo(1);
  }

  @Test
  void asksInTheFormOfJsonRpc() {
    try (FakeNode node = FakeNode.answering("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}");
        RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      client.ask(Eth.chainId());
      assertThat(node.requests())
          .containsExactly(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "17",
        "'0x1'",
        "[]",
        "{",
        "{}",
        "{'jsonrpc':'2.0','id':1,'result':'0x1'} ",
        "{'jsonrpc':'2.0','id':1,'result':'0x1'}x",
        "{'jsonrpc':'2.0','id':1,'result':'0x1'}{}",
        "{'jsonrpc':'2.0','id':1,'result':'0x1','result':'0x2'}",
        "{'jsonrpc':'2.0','id':1,'id':1,'result':'0x1'}",
        "{'jsonrpc':'1.0','id':1,'result':'0x1'}",
        "{'jsonrpc':2.0,'id':1,'result':'0x1'}",
        "{'id':1,'result':'0x1'}",
        "{'jsonrpc':'2.0','id':1}",
        "{'jsonrpc':'2.0','id':1,'result':'0x1','error':null}",
        "{'jsonrpc':'2.0','id':1,'result':null,'error':{'code':1,'message':'no'}}",
        "{'jsonrpc':'2.0','id':1,'error':null}",
        "{'jsonrpc':'2.0','id':1,'error':{'code':'1','message':'no'}}",
        "{'jsonrpc':'2.0','id':1,'error':{'code':1}}",
        "{'jsonrpc':'2.0','id':1,'error':{'code':1.5,'message':'no'}}",
        "{'jsonrpc':'2.0','id':1,'result':NaN}",
        "{'jsonrpc':'2.0','id':1,'result':'0x1',}",
        "{/**/'jsonrpc':'2.0','id':1,'result':'0x1'}",
      })
  void refusesWhatIsNoAnswerOfJsonRpc(String body) {
    if (body.endsWith("} ")) {
      assertThat(chainIdFrom(body)).isEqualTo(1);
    } else {
      assertThat(codeOf(body)).isIn(RpcRefusal.MALFORMED, RpcRefusal.MISMATCH);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "0", "'1'", "null", "1.0", "1e0", "18446744073709551617", "[1]"})
  void refusesAnAnswerWithAnotherId(String id) {
    assertThat(codeOf("{'jsonrpc':'2.0','id':" + id + ",'result':'0x1'}"))
        .isEqualTo(RpcRefusal.MISMATCH);
    assertThat(codeOf("{'jsonrpc':'2.0','result':'0x1'}")).isEqualTo(RpcRefusal.MISMATCH);
  }

  @Test
  void refusesAnIdThatBelongedToAnEarlierQuestion() {
    try (FakeNode node = FakeNode.answering("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}");
        RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      client.ask(Eth.chainId());
      assertThat(refusal(() -> client.ask(Eth.chainId())).code()).isEqualTo(RpcRefusal.MISMATCH);
    }
  }

  @Test
  void refusesDepthWithoutOverflow() {
    String deep = "[".repeat(1500) + "]".repeat(1500);
    assertThat(codeOf("{'jsonrpc':'2.0','id':1,'result':" + deep + "}"))
        .isEqualTo(RpcRefusal.MALFORMED);
  }

  @Test
  void refusesTwoMegabytesOfTokensBeforeTheyAreATree() {
    Bytes many = Bytes.utf8("[" + "{},".repeat((2 << 20) / 3 - 2) + "{}]");
    long allocated =
        Allocation.bytesOf(
            () ->
                assertThat(refusal(() -> StrictJson.parse(many)).code())
                    .isEqualTo(RpcRefusal.MALFORMED));
    assertThat(allocated).isLessThan(24L << 20);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] body = json("{'jsonrpc':'2.0','id':1,'result':'~'}").getBytes(StandardCharsets.UTF_8);
    body[body.length - 3] = (byte) 0xff;
    try (FakeNode node = new FakeNode(_ -> Reply.bytes(200, body))) {
      assertThat(codeFrom(node)).isEqualTo(RpcRefusal.MALFORMED);
    }
  }

  @ParameterizedTest
  @CsvSource({"201", "204", "400", "401", "429", "500", "503"})
  void refusesEveryOtherStatusEvenWithARightBody(int status) {
    String body = status == 204 ? "" : json("{'jsonrpc':'2.0','id':1,'result':'0x1'}");
    try (FakeNode node = new FakeNode(_ -> Reply.of(status, body))) {
      RefusalException refusal = refusalFrom(node);
      assertThat(refusal.code()).isEqualTo(RpcRefusal.HTTP_STATUS);
      assertThat(refusal.text()).contains("HTTP status " + status);
    }
  }

  @Test
  void followsNoRedirect() {
    try (FakeNode other = FakeNode.answering("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}");
        FakeNode node = new FakeNode(_ -> Reply.redirect(other.url().toString()))) {
      assertThat(codeFrom(node)).isEqualTo(RpcRefusal.HTTP_STATUS);
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void stopsReadingAnEndlessAnswer() {
    try (FakeNode node = new FakeNode(_ -> Reply.endless("[[[["))) {
      assertThat(codeFrom(node)).isEqualTo(RpcRefusal.TOO_LARGE);
    }
  }

  @Test
  void takesAnAnswerOfExactlyTheLimitAndNoByteMore() {
    String start = json("{'jsonrpc':'2.0','id':1,'result':'0x1'}");
    assertThat(chainIdFrom(start + " ".repeat(4096 - start.length()))).isEqualTo(1);
    assertThat(codeOf(start + " ".repeat(4097 - start.length()))).isEqualTo(RpcRefusal.TOO_LARGE);
  }

  @Test
  void givesUpOnASilentEndpointAtTheDeadline() {
    try (FakeNode node = FakeNode.answering("")) {
      node.follow(_ -> node.hanging());
      assertThat(codeWithin(Duration.ofMillis(200), node)).isEqualTo(RpcRefusal.DEADLINE);
    }
  }

  @Test
  void givesUpOnAnAnswerThatStopsHalfWayAtTheDeadline() {
    try (FakeNode node = FakeNode.answering("")) {
      node.follow(_ -> node.hangingAfter("{\"jsonrpc\":"));
      assertThat(codeWithin(Duration.ofMillis(200), node)).isEqualTo(RpcRefusal.DEADLINE);
    }
  }

  /** Readers try the next endpoint after a refusal: a request that is over asks none of them. */
  @Test
  void asksNobodyForAThreadThatWasInterrupted() {
    try (FakeNode node = FakeNode.answering("{}");
        RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      Thread.currentThread().interrupt();
      RefusalException refusal = refusal(() -> client.ask(Eth.chainId()));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(refusal.code()).isEqualTo(RpcRefusal.DEADLINE);
      assertThat(refusal).hasMessageContaining("was not asked, as nobody waits for its answer");
      assertThat(node.requests()).isEmpty();
    }
  }

  @Test
  void refusesAtOnceWhenNothingIsLeftOfTheDeadline() {
    try (FakeNode node = FakeNode.answering("{}");
        RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      assertThat(refusal(() -> client.ask(Eth.chainId(), Deadline.in(Duration.ZERO))).code())
          .isEqualTo(RpcRefusal.DEADLINE);
    }
  }

  /** The next endpoint is asked after a refusal of this code, and after nothing unexpected. */
  @ParameterizedTest
  @ValueSource(strings = {"many", "", "1,2", "99999999999999999999"})
  void refusesAnAnswerWhoseLengthIsNoNumber(String length) {
    Reply hostile =
        exchange -> {
          exchange.getResponseHeaders().set("Content-Length", length);
          exchange.sendResponseHeaders(200, 0);
        };
    try (FakeNode node = new FakeNode(_ -> hostile);
        RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      RefusalException refusal = refusal(() -> client.ask(Eth.chainId()));
      assertThat(refusal.code()).isEqualTo(RpcRefusal.UNREACHABLE);
      assertThat(refusal.detail()).contains("length is no number");
    }
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    try (RpcClient client =
        new RpcClient(ChainEndpoint.of(RpcUrl.of("http://127.0.0.1:" + port)), LIMITS)) {
      RefusalException refusal = refusal(() -> client.ask(Eth.chainId()));
      assertThat(refusal.code()).isEqualTo(RpcRefusal.UNREACHABLE);
      assertThat(refusal.text()).contains("http://127.0.0.1:" + port);
    }
  }

  @Test
  void neverShowsWhatIsSecretInTheUrl() {
    String key = "Sk3y0fTheCust0mer";
    LogGuard.forbid(key);
    String answer =
        json(
            "{'jsonrpc':'2.0','id':1,'error':{'code':-32000,'message':'no such key " + key + "'}}");
    try (FakeNode node = FakeNode.answering(answer)) {
      for (String url :
          List.of(
              node.url() + "/v3/" + key,
              node.url() + "/?apikey=" + key,
              "http://operator:" + key + "@127.0.0.1:" + node.url().getPort())) {
        try (RpcClient client = new RpcClient(ChainEndpoint.of(RpcUrl.of(url)), LIMITS)) {
          node.follow(_ -> Reply.of(answer));
          RefusalException error = refusal(() -> client.ask(Eth.chainId()));
          node.follow(_ -> Reply.of(403, "no such key: " + key));
          RefusalException status = refusal(() -> client.ask(Eth.chainId()));
          assertThat(List.of(error, status))
              .allSatisfy(
                  refusal ->
                      assertThat(refusal + refusal.detail() + client.endpoint())
                          .doesNotContain(key)
                          .contains("127.0.0.1"));
        }
      }
    }
  }

  @Test
  void cutsAndCleansTheWordsOfAnError() {
    String message = "x".repeat(250) + "\\n\\u001b[31m\\u202e" + "y".repeat(600);
    String body =
        json("{'jsonrpc':'2.0','id':1,'error':{'code':3,'message':'" + message + "','data':'0x'}}");
    try (FakeNode node = FakeNode.answering(body);
        RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      RpcQuery<Long> query = Eth.chainId();
      RpcAnswer<Long> answer = client.exchange(query, Deadline.in(Duration.ofSeconds(5))).of(query);
      assertThat(answer)
          .isInstanceOfSatisfying(
              RpcAnswer.Failure.class,
              failure -> {
                assertThat(failure.error().code()).isEqualTo(RpcError.REVERTED);
                assertThat(failure.error().message()).isEqualTo("x".repeat(250) + "??[31m");
                assertThat(failure.error().data()).hasValueSatisfying(d -> d.isEmpty());
              });
    }
  }

  @Test
  void refusesALookUpOfWhatWasNotAsked() {
    try (FakeNode node = FakeNode.answering("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}");
        RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      RpcAnswers answers = client.exchange(Eth.chainId(), Deadline.in(Duration.ofSeconds(5)));
      assertThatThrownBy(() -> answers.of(Eth.chainId()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static long chainIdFrom(String body) {
    try (FakeNode node = FakeNode.answering(json(body));
        RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      return client.ask(Eth.chainId());
    }
  }

  private static Object codeOf(String body) {
    try (FakeNode node = FakeNode.answering(json(body))) {
      return codeFrom(node);
    }
  }

  private static Object codeWithin(Duration time, FakeNode node) {
    try (RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      return refusal(() -> client.ask(Eth.chainId(), Deadline.in(time))).code();
    }
  }

  private static Object codeFrom(FakeNode node) {
    return refusalFrom(node).code();
  }

  private static RefusalException refusalFrom(FakeNode node) {
    try (RpcClient client = new RpcClient(node.endpoint(), LIMITS)) {
      return refusal(() -> client.ask(Eth.chainId()));
    }
  }

  static RefusalException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    RefusalException refusal = catchThrowableOfType(RefusalException.class, call);
    assertThat(refusal).isNotNull();
    return refusal;
  }

  static String json(String text) {
    return text.replace('\'', '"');
  }
}
