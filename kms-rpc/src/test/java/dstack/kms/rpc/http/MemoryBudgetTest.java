package dstack.kms.rpc.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The memory that bodies and certificates may take (specification 00 §9). */
final class MemoryBudgetTest {
  private static final int FREE = MemoryBudget.FREE_OF_A_BODY;

  private final MemoryBudget budget = MemoryBudget.ofBodies(100);

  @Test
  void countsWhatExceedsTheFreeBytesInHoweverManyParts() {
    MemoryBudget.Share share = budget.new Share();
    assertThat(share.grow(FREE - 1)).isTrue();
    assertThat(share.grow(51)).isTrue();
    assertThat(share.grow(50)).isTrue();
    assertThat(share.grow(1)).isFalse();
    assertThat(share.grow(0)).isTrue();
  }

  @Test
  void refusesNobodyTheFreeBytes() {
    assertThat(budget.new Share().grow(FREE + 100)).isTrue();
    assertThat(budget.new Share().grow(FREE)).isTrue();
    assertThat(budget.new Share().grow(FREE + 1)).isFalse();
  }

  @Test
  void takesNothingWhenItRefuses() {
    assertThat(budget.new Share().grow(FREE + 101)).isFalse();
    assertThat(budget.new Share().grow(FREE + 100)).isTrue();
  }

  @Test
  void takesEachByteBackOnce() {
    MemoryBudget.Share share = budget.new Share();
    assertThat(share.grow(FREE + 60)).isTrue();
    share.giveBack();
    share.giveBack();
    assertThat(budget.new Share().grow(FREE + 101)).isFalse();
    assertThat(budget.new Share().grow(FREE + 100)).isTrue();
  }

  @Test
  void leavesTheSmallHandshakesOfGuestsWithAQuoteAlone() {
    MemoryBudget handshakes = MemoryBudget.ofHandshakes(100);
    assertThat(handshakes.new Share().grow((16 << 10) + 100)).isTrue();
    assertThat(handshakes.new Share().grow(16 << 10)).isTrue();
    assertThat(handshakes.new Share().grow((16 << 10) + 1)).isFalse();
  }

  @Test
  void growsWithTheHeapWithinBounds() {
    assertThat(HttpLimits.memoryFor(64L << 20)).isEqualTo(12L << 20);
    assertThat(HttpLimits.memoryFor(1L << 30)).isEqualTo(64L << 20);
    assertThat(HttpLimits.memoryFor(Long.MAX_VALUE)).isEqualTo(256L << 20);
  }
}
