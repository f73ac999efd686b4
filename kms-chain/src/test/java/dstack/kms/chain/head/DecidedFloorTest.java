package dstack.kms.chain.head;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Word;
import dstack.kms.chain.rpc.BlockHeader;
import dstack.kms.core.config.BlockChoice;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How far back a view may go after a decision. */
final class DecidedFloorTest {
  private static final DecidedFloor DIRECT = DecidedFloor.of(rules(1));
  private static final DecidedFloor QUORUM = DecidedFloor.of(rules(2));

  @Test
  void admitsEverythingBeforeTheFirstDecision() {
    assertThat(DIRECT.admits(block(0))).isTrue();
    assertThat(QUORUM.admits(block(1L << 62))).isTrue();
  }

  @Test
  void admitsNothingBelowADecision() {
    for (DecidedFloor floor : new DecidedFloor[] {DIRECT, QUORUM}) {
      DecidedFloor raised = floor.raisedBy(block(1000));
      assertThat(raised.admits(block(999))).isFalse();
      assertThat(raised.admits(block(515))).isFalse();
      assertThat(raised.admits(block(1000))).isTrue();
      assertThat(raised.raisedBy(block(1000)).height()).isEqualTo(1000);
    }
  }

  @Test
  void isNotHeldForGoodByAHeightThatOneEndpointMadeUp() {
    DecidedFloor raised = DIRECT.raisedBy(block(1L << 62));
    assertThat(raised.admits(block(100))).isTrue();
    assertThat(raised.raisedBy(block(100)).admits(block(99))).isFalse();
  }

  @Test
  void isHeldForGoodByWhatAQuorumAgreedOn() {
    assertThat(QUORUM.raisedBy(block(1L << 62)).admits(block(100))).isFalse();
  }

  private static ViewRules rules(int quorum) {
    return new ViewRules(
        BlockChoice.LATEST, quorum, Duration.ofSeconds(8), Duration.ofMinutes(2), 5);
  }

  private static BlockHeader block(long number) {
    Word word = Word.of(BigInteger.valueOf(number));
    return new BlockHeader(number, word, word, word, Instant.EPOCH);
  }
}
