package dstack.kms.rpc.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The memory that bodies may take (specification 00 §9). */
final class BodyBudgetTest {
  private final BodyBudget budget = new BodyBudget(100);

  @Test
  void countsWhatExceedsTheFreeBytesInHoweverManyParts() {
    BodyBudget.Share share = budget.new Share();
    assertThat(share.grow(BodyBudget.FREE - 1)).isTrue();
    assertThat(share.grow(51)).isTrue();
    assertThat(share.grow(50)).isTrue();
    assertThat(share.grow(1)).isFalse();
    assertThat(share.grow(0)).isTrue();
  }

  @Test
  void refusesNobodyTheFreeBytes() {
    assertThat(budget.new Share().grow(BodyBudget.FREE + 100)).isTrue();
    assertThat(budget.new Share().grow(BodyBudget.FREE)).isTrue();
    assertThat(budget.new Share().grow(BodyBudget.FREE + 1)).isFalse();
  }

  @Test
  void takesNothingWhenItRefuses() {
    assertThat(budget.new Share().grow(BodyBudget.FREE + 101)).isFalse();
    assertThat(budget.new Share().grow(BodyBudget.FREE + 100)).isTrue();
  }

  @Test
  void takesEachByteBackOnce() {
    BodyBudget.Share share = budget.new Share();
    assertThat(share.grow(BodyBudget.FREE + 60)).isTrue();
    share.giveBack();
    share.giveBack();
    assertThat(budget.new Share().grow(BodyBudget.FREE + 101)).isFalse();
    assertThat(budget.new Share().grow(BodyBudget.FREE + 100)).isTrue();
  }

  @Test
  void growsWithTheHeapWithinBounds() {
    assertThat(HttpLimits.bodiesFor(64L << 20)).isEqualTo(12L << 20);
    assertThat(HttpLimits.bodiesFor(1L << 30)).isEqualTo(64L << 20);
    assertThat(HttpLimits.bodiesFor(Long.MAX_VALUE)).isEqualTo(256L << 20);
  }
}
