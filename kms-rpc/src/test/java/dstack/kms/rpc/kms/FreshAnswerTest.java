package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** How long an answer of the authority counts. */
final class FreshAnswerTest {
  private final Queue<String> answers = new ArrayDeque<>(List.of("first", "second"));

  /** A monotonic clock may begin anywhere and pass from positive to negative numbers. */
  private long now = Long.MAX_VALUE - 1;

  private String ask() {
    if (answers.isEmpty()) {
      throw new RefusalException(KmsRefusal.BOOT_DENIED, "Boot denied: revoked");
    }
    return answers.remove();
  }

  private FreshAnswer<String> asked() {
    return FreshAnswer.of(this::ask, () -> now);
  }

  private void passes(Duration time) {
    now += time.toNanos();
  }

  @Test
  void keepsTheAnswerWhereWhatCameAfterWasShort() {
    FreshAnswer<String> answer = asked();
    passes(Duration.ofSeconds(3));
    assertThat(answer.current()).isEqualTo("first");
    assertThat(answers).containsExactly("second");
  }

  @Test
  void t34_takesTheSecondAnswerWhereItWasLong() {
    FreshAnswer<String> answer = asked();
    passes(Duration.ofMillis(3_001));
    assertThat(answer.current()).isEqualTo("second");
    passes(Duration.ofSeconds(3));
    assertThat(answer.current()).isEqualTo("second");
  }

  @Test
  void t34_refusesWhatWasRevokedMeanwhile() {
    answers.remove("second");
    FreshAnswer<String> answer = asked();
    passes(Duration.ofMinutes(2));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(answer::current).hasMessage("Boot denied: revoked");
    }
  }

  @Test
  void isNoneWhereTheFirstAnswerIsNo() {
    answers.clear();
    assertThatThrownBy(this::asked).hasMessage("Boot denied: revoked");
  }
}
