package dstack.kms.chain.authority;

import static dstack.kms.chain.authority.Lab.codeOf;
import static dstack.kms.chain.authority.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.head.HeadRefusal;
import dstack.kms.chain.testing.FakeNode;
import dstack.kms.chain.testing.FakeNode.Reply;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.config.BlockChoice;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two of three endpoints must say the same of the same block. */
@Timeout(120)
final class QuorumTest {
  private static final Duration TOTAL = Duration.ofSeconds(3);

  private Lab lab;
  private FakeNode one;
  private FakeNode two;
  private FakeNode three;

  @BeforeEach
  void start() {
    lab = new Lab();
    one = lab.node();
    two = lab.node();
    three = lab.node();
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    three.close();
    lab.close();
  }

  @Test
  void decidesWhenAllAgreeWithOneExchangeEach() {
    try (Authority authority = all()) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      assertThat(Lab.decisions(one)).hasSize(1);
      assertThat(Lab.decisions(two)).hasSize(1);
      assertThat(Lab.decisions(three)).hasSize(1);
    }
  }

  @Test
  void decidesWithoutTheOneThatIsSilent() {
    try (Authority authority = all()) {
      three.follow(onDecisions(three.hanging()));
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
    }
  }

  @Test
  void decidesNothingWhenTwoAreSilent() {
    try (Authority authority = all()) {
      two.follow(onDecisions(two.hanging()));
      three.follow(onDecisions(Reply.of(500, "")));
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(DecisionRefusal.TOO_FEW);
    }
  }

  @Test
  void decidesNothingWhenOneSaysOtherwiseWhateverTheMajoritySays() {
    lab.revokeCompose();
    try (Authority authority = all()) {
      // The liar turns the denial into what an allowance looks like.
      one.follow(
          request -> {
            String answer = FakeNode.ask(lab.chain.url(), request);
            return Reply.of(
                request.contains(Lab.IS_APP_ALLOWED)
                    ? answer.replaceFirst(
                        "\"result\":\"0x\\w+\"",
                        "\"result\":\"0x"
                            + "0".repeat(63)
                            + "1"
                            + "0".repeat(62)
                            + "40"
                            + "0".repeat(64)
                            + "\"")
                    : answer);
          });
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(DecisionRefusal.DIVERGED);
      assertThat(authority.stats().orElseThrow().disagreements()).isEqualTo(1);
    }
  }

  /** Without it, two who say yes would outvote the one who saw the call revert. */
  @Test
  void countsACallThatRevertedOrFailedAsAnotherAnswer() {
    List<String> ends =
        List.of(
            "\"error\":{\"code\":3,\"message\":\"execution reverted\"}",
            "\"error\":{\"code\":-32000,\"message\":\"out of gas\"}",
            "\"result\":\"0x\"");
    try (Authority authority = all()) {
      for (String end : ends) {
        one.follow(ending(end));
        assertThat(codeOf(authority.decideApp(lab.boot())))
            .as(end)
            .isEqualTo(DecisionRefusal.DIVERGED);
      }
      one.follow(ending("\"error\":{\"code\":-32005,\"message\":\"limit exceeded\"}"));
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      one.follow(ending(ends.getFirst()));
      two.follow(ending(ends.getFirst()));
      three.follow(ending(ends.getFirst()));
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(DecisionRefusal.REVERTED);
    }
  }

  private FakeNode.Script ending(String end) {
    return request -> {
      String answer = FakeNode.ask(lab.chain.url(), request);
      return Reply.of(
          request.contains(Lab.IS_APP_ALLOWED)
              ? answer.replaceAll("\"result\":\"\\w+\"", end)
              : answer);
    };
  }

  @Test
  void ignoresTheOneThatIsFarBehind() {
    three.follow(
        request ->
            FakeNode.passingOnTo(lab.chain.url()).answer(request.replace("\"latest\"", "\"0x8\"")));
    lab.chain.rpc("anvil_mine", "0x14");
    try (Authority authority =
        lab.quorum(2, one.url(), two.url(), three.url()).total(TOTAL).start()) {
      assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      assertThat(Lab.decisions(three)).isEmpty();
    }
  }

  @Test
  void isNotReadyWithFewerThanAQuorum() {
    two.follow(_ -> Reply.of(500, ""));
    three.follow(_ -> Reply.of(500, ""));
    try (Authority authority =
        lab.quorum(2, one.url(), two.url(), three.url()).total(TOTAL).start()) {
      assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(HeadRefusal.NOT_READY);
    }
  }

  @Test
  void refusesWhenTheyNameDifferentBlocksAtOneHeight() {
    try (Lab fork = new Lab()) {
      fork.revokeCompose();
      lab.chain.rpc("anvil_mine", "0x1");
      two.follow(FakeNode.passingOnTo(fork.chain.url()));
      try (Authority authority =
          lab.quorum(2, one.url(), two.url()).total(Duration.ofSeconds(1)).start()) {
        assertThat(codeOf(authority.decideApp(lab.boot()))).isEqualTo(HeadRefusal.DISAGREE);
      }
    }
  }

  @Test
  void findsAgreedBlocksBelowTheNewestToo() {
    lab.chain.rpc("anvil_mine", "0x50");
    for (BlockChoice.Kind kind :
        new BlockChoice.Kind[] {
          BlockChoice.Kind.SAFE, BlockChoice.Kind.FINALIZED, BlockChoice.Kind.DEPTH
        }) {
      try (Authority authority =
          lab.quorum(2, one.url(), two.url(), three.url())
              .block(kind, kind == BlockChoice.Kind.DEPTH ? 7 : 0)
              .start()) {
        assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
        lab.chain.rpc("anvil_mine", "0x3");
        long height = lab.height();
        int below = kind == BlockChoice.Kind.DEPTH ? 7 : kind == BlockChoice.Kind.SAFE ? 32 : 64;
        until(() -> authority.view().filter(block -> block.number() == height - below).isPresent());
        assertThat(authority.decideApp(lab.boot())).isInstanceOf(Decision.Allowed.class);
      }
    }
  }

  private Authority all() {
    Authority authority = lab.quorum(2, one.url(), two.url(), three.url()).total(TOTAL).start();
    until(() -> authority.stats().orElseThrow().endpoints().stream().allMatch(e -> e.healthy()));
    return authority;
  }

  private FakeNode.Script onDecisions(Reply reply) {
    return request ->
        request.contains(Lab.IS_APP_ALLOWED)
            ? reply
            : FakeNode.passingOnTo(lab.chain.url()).answer(request);
  }
}
