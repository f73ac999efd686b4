package dstack.kms.chain.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words have 32 bytes; nothing is padded to one (T-13). */
final class WordTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 62, 63, 65, 66})
  void t13_refusesTextsOfAnyOtherLength(int digits) {
    assertThatThrownBy(() -> Word.parse("0x" + "1".repeat(digits)))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void takesAndGivesNumbersWithoutASign() {
    BigInteger largest = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    assertThat(Word.of(largest).number()).isEqualTo(largest);
    assertThat(Word.of(BigInteger.ZERO)).isEqualTo(Word.ZERO);
    assertThat(Word.of(BigInteger.valueOf(255)).text()).endsWith("00ff");
  }

  @Test
  void refusesNumbersThatDoNotFit() {
    assertThatThrownBy(() -> Word.of(BigInteger.ONE.shiftLeft(256)))
        .isInstanceOf(RefusalException.class);
    assertThatThrownBy(() -> Word.of(BigInteger.ONE.negate())).isInstanceOf(RefusalException.class);
  }
}
