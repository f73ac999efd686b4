package dstack.kms.chain.authority;

import static dstack.kms.chain.authority.Lab.codeOf;
import static dstack.kms.chain.authority.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.head.HeadRefusal;
import dstack.kms.chain.policy.PolicyRefusal;
import dstack.kms.chain.rpc.RpcRefusal;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.chain.testing.FakeNode.Reply;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints and apps that lie, stall and burn: each ends in no decision, with a name. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileChainTest {
  private static final Duration TOTAL = Duration.ofSeconds(2);

  private Lab lab;

  @BeforeAll
  void start() {
    lab = new Lab();
  }

  @AfterAll
  void stop() {
    lab.close();
  }

  /** Runtime codes, written by hand. */
  @ParameterizedTest
  @CsvSource({
    "reverts without data,           5f5ffd",
    "reverts with data,              60205ffd",
    "burns all gas,                  5b5f56",
    "invalid instruction,            fe",
    "returns nothing,                00",
    "returns one word,               60015f5260205ff3",
    "a truth value of 2,             60025f52604060205260606000f3",
    "an offset beyond the data,      60015f5261ffff60205260606000f3",
    "a length beyond the data,       60015f52604060205261ffff60405260606000f3",
    "a reason of a megabyte,         5f5f5260406020526210000060405262100060" + "5ff3",
    "calls itself for ever,          5f5f5f5f5f305af15f5ffd",
  })
  void decidesNothingAboutAnAppThat(String what, String code) {
    Address app = lab.hostileApp(code);
    try (Authority authority = lab.direct(lab.chain.url()).start()) {
      lab.settle(authority);
      assertThat(codeOf(authority.decideApp(lab.boot(app))))
          .as(what)
          .isIn(
              DecisionRefusal.REVERTED,
              RpcRefusal.ERROR,
              RpcRefusal.TOO_LARGE,
              PolicyRefusal.TEXT_LENGTH,
              PolicyRefusal.ENCODING);
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
    }
  }

  /** Its reason is shown as it is, up to a kilobyte; it is the app's own. */
  @Test
  void passesOnWhatAnAppSaysButNotMoreThanAKilobyte() {
    // (false, 1025 zero bytes)
    Address app = lab.hostileApp("5f5f5260406020526104016040526104a05ff3");
    try (Authority authority = lab.direct(lab.chain.url()).start()) {
      lab.settle(authority);
      assertThat(codeOf(authority.decideApp(lab.boot(app)))).isEqualTo(PolicyRefusal.TEXT_LENGTH);
    }
  }

  @Test
  void deniesAnAppWithoutCode() {
    Address app = lab.hostileApp("");
    try (Authority authority = lab.direct(lab.chain.url()).start()) {
      lab.settle(authority);
      assertThat(authority.decideApp(lab.boot(app)))
          .isEqualTo(new Decision.Denied("App not deployed or invalid address", "gateway-1"));
    }
  }

  @Test
  void refusesAnEndlessAnswer() {
    assertThat(codeFor((_, _) -> Reply.endless("[ "))).isEqualTo(RpcRefusal.TOO_LARGE);
  }

  /** Two calls at the newest block: 64 KiB each, whatever longer answers a block may have. */
  @Test
  void refusesADecisionThatIsLongerThanItsCallsCanBe() {
    assertThat(codeFor((_, answer) -> Reply.of(padded(answer, (128 << 10) + 1))))
        .isEqualTo(RpcRefusal.TOO_LARGE);
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).total(TOTAL).start()) {
      lab.settle(authority);
      node.follow(
          request -> {
            String answer = FakeNode.ask(lab.chain.url(), request);
            boolean decides = request.contains(Lab.IS_APP_ALLOWED);
            return Reply.of(padded(answer, decides ? 128 << 10 : 2 << 20));
          });
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
    }
  }

  private static String padded(String answer, int length) {
    return answer + " ".repeat(length - answer.length());
  }

  @Test
  void refusesASocketThatHangs() {
    assertThat(codeFor((node, _) -> node.hanging())).isEqualTo(RpcRefusal.DEADLINE);
    assertThat(codeFor((node, _) -> node.hangingAfter("[{"))).isEqualTo(RpcRefusal.DEADLINE);
  }

  @Test
  void refusesAConnectionThatBreaks() {
    assertThat(codeFor((_, _) -> exchange -> exchange.close())).isEqualTo(RpcRefusal.UNREACHABLE);
  }

  @Test
  void refusesAShortBatch() {
    assertThat(codeFor((_, answer) -> Reply.of(answer.replaceAll("^\\[(\\{.*?\\}),.*", "[$1]"))))
        .isEqualTo(RpcRefusal.MISMATCH);
  }

  @Test
  void refusesForeignIds() {
    assertThat(codeFor((_, answer) -> Reply.of(answer.replaceAll("\"id\":(\\d+)", "\"id\":9$1"))))
        .isEqualTo(RpcRefusal.MISMATCH);
  }

  @Test
  void refusesASecondResult() {
    assertThat(
            codeFor(
                (_, answer) ->
                    Reply.of(answer.replace("\"result\":", "\"result\":\"0x\",\"result\":"))))
        .isEqualTo(RpcRefusal.MALFORMED);
  }

  @Test
  void refusesATruthValueThatIsNone() {
    assertThat(
            codeFor(
                (_, answer) ->
                    Reply.of(
                        answer.replace("0x" + "0".repeat(63) + "1", "0x" + "0".repeat(63) + "2"))))
        .isEqualTo(PolicyRefusal.ENCODING);
  }

  @Test
  void refusesEmptyResultsErrorsAndStatuses() {
    assertThat(
            codeFor(
                (_, answer) ->
                    Reply.of(answer.replaceAll("\"result\":\"\\w+\"", "\"result\":\"0x\""))))
        .isEqualTo(PolicyRefusal.ENCODING);
    assertThat(
            codeFor(
                (_, answer) ->
                    Reply.of(
                        answer.replaceAll(
                            "\"result\":\"\\w+\"",
                            "\"error\":{\"code\":-32005,\"message\":\"limit exceeded\"}"))))
        .isEqualTo(RpcRefusal.ERROR);
    assertThat(codeFor((_, answer) -> Reply.of(503, answer))).isEqualTo(RpcRefusal.HTTP_STATUS);
    assertThat(codeFor((_, _) -> Reply.redirect(lab.chain.url().toString())))
        .isEqualTo(RpcRefusal.HTTP_STATUS);
  }

  private interface Lie {
    Reply reply(FakeNode node, String answer);
  }

  /** What comes of an authority whose only endpoint lies about decisions and nothing else. */
  private RefusalCode codeFor(Lie lie) {
    try (FakeNode node = lab.node();
        Authority authority = lab.direct(node.url()).total(TOTAL).start()) {
      authority.requireAnswering();
      node.follow(
          request ->
              request.contains(Lab.IS_APP_ALLOWED)
                  ? lie.reply(node, FakeNode.ask(lab.chain.url(), request))
                  : FakeNode.passingOnTo(lab.chain.url()).answer(request));
      long start = System.nanoTime();
      RefusalCode code = codeOf(authority.decideApp(lab.boot()));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TOTAL.plusSeconds(8));
      assertThat(authority.stats().orElseThrow().decisions()).containsEntry("undecided", 1L);
      return code;
    }
  }

  @Test
  void asksAnotherEndpointIfOneGivesNoAnswer() {
    try (FakeNode silent = lab.node();
        FakeNode other = lab.node();
        Authority authority =
            lab.direct(silent.url(), other.url()).total(Duration.ofSeconds(10)).start()) {
      until(() -> authority.stats().orElseThrow().endpoints().stream().allMatch(e -> e.healthy()));
      silent.follow(onDecisions(silent.hanging()));
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      silent.follow(onDecisions(Reply.of(503, "")));
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      assertThat(Lab.decisions(other)).hasSize(2);
    }
  }

  @Test
  void asksNobodyElseAfterADenialOrRubbish() {
    Address stranger = new Address(Bytes.fromHex("09".repeat(20)));
    try (FakeNode first = lab.node();
        FakeNode other = lab.node();
        Authority authority = lab.direct(first.url(), other.url()).start()) {
      until(() -> authority.stats().orElseThrow().endpoints().stream().allMatch(e -> e.healthy()));
      assertThat(authority.decideApp(lab.boot(stranger))).isInstanceOf(Decision.Denied.class);
      first.follow(onDecisions(Reply.of("[]")));
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(RpcRefusal.MISMATCH);
      first.follow(
          request ->
              Reply.of(
                  request.contains(Lab.IS_APP_ALLOWED)
                      ? FakeNode.ask(lab.chain.url(), request)
                          .replaceAll(
                              "\"result\":\"\\w+\"",
                              "\"error\":{\"code\":-32000,\"message\":\"out of gas\"}")
                      : FakeNode.ask(lab.chain.url(), request)));
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(DecisionRefusal.FAILED);
      assertThat(Lab.decisions(other)).isEmpty();
    }
  }

  @Test
  void standsInForAnEndpointThatIsGoneFromTheStart() {
    try (FakeNode gone = FakeNode.answering("");
        FakeNode other = lab.node();
        Authority authority = lab.direct(gone.url(), other.url()).start()) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
    }
  }

  @Test
  void isNotReadyWhenNobodyAnswers() {
    try (FakeNode gone = FakeNode.answering("");
        Authority authority = lab.direct(gone.url()).total(TOTAL).start()) {
      assertThat(codeOf(authority.decideApp(lab.boot())))
          .isIn(HeadRefusal.NOT_READY, RpcRefusal.MALFORMED);
    }
  }

  private FakeNode.Script onDecisions(Reply reply) {
    return request ->
        request.contains(Lab.IS_APP_ALLOWED)
            ? reply
            : FakeNode.passingOnTo(lab.chain.url()).answer(request);
  }
}
