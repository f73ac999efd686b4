package dstack.kms.rpc.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.authority.Decision;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** How long an answer of the authority counts. */
final class FreshDecisionTest {
  private static final Decision.Allowed FIRST = new Decision.Allowed("gateway-1");
  private static final Decision.Allowed SECOND = new Decision.Allowed("gateway-2");

  private final Queue<Decision.Allowed> answers = new ArrayDeque<>(List.of(FIRST, SECOND));

  /** A monotonic clock may begin anywhere and pass from positive to negative numbers. */
  private long now = Long.MAX_VALUE - 1;

  private final FreshDecision rule = new FreshDecision(() -> now);

  private Decision.Allowed ask() {
    if (answers.isEmpty()) {
      throw new RefusalException(KmsRefusal.BOOT_DENIED, "Boot denied: revoked");
    }
    return answers.remove();
  }

  private void work(Duration lasting) {
    now += lasting.toNanos();
  }

  @Test
  void keepsTheAnswerWhereTheWorkIsShort() {
    assertThat(rule.after(this::ask, () -> work(Duration.ofSeconds(3)))).isEqualTo(FIRST);
    assertThat(answers).containsExactly(SECOND);
  }

  @Test
  void t34_takesTheSecondAnswerWhereTheWorkIsLong() {
    assertThat(rule.after(this::ask, () -> work(Duration.ofMillis(3_001)))).isEqualTo(SECOND);
  }

  @Test
  void t34_refusesWhatWasRevokedDuringTheWork() {
    answers.remove(SECOND);
    assertThatThrownBy(() -> rule.after(this::ask, () -> work(Duration.ofMinutes(2))))
        .hasMessage("Boot denied: revoked");
  }

  @Test
  void doesNoWorkForWhoeverIsDenied() {
    answers.clear();
    assertThatThrownBy(
            () ->
                rule.after(
                    this::ask,
                    () -> {
                      throw new AssertionError("worked");
                    }))
        .hasMessage("Boot denied: revoked");
  }
}
