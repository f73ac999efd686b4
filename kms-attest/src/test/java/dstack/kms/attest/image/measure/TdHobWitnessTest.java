package dstack.kms.attest.image.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TdHobWitnessTest {
  private static final Bytes TYPICAL = Bytes.fromHex("80100904000609020b021010");

  @Test
  void readsTheTypicalLayout() {
    TdHob hob = TdHobWitness.parse(TYPICAL);

    assertThat(hob.address()).isEqualTo(0x809000);
    assertThat(hob.accepted())
        .containsExactly(
            new MemoryRange(0x800000, 0x806000),
            new MemoryRange(0x809000, 0x80b000),
            new MemoryRange(0x80b000, 0x80d000),
            new MemoryRange(0x810000, 0x820000));
    assertThat(hob.list(new MemorySize(1L << 31)).length()).isEqualTo(440);
  }

  @Test
  void refusesEveryCut() {
    for (int length = 0; length < TYPICAL.length(); length++) {
      Bytes cut = TYPICAL.slice(0, length);
      assertThatThrownBy(() -> TdHobWitness.parse(cut)).hasMessageContaining("truncated");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "80100904000609020b02101000, trailing bytes",
    "8010094100, more than 64 ranges",
    "801009ffffffff0f, more than 64 ranges",
    "8080808080808080808001, number of more than 10 bytes",
    "80808080808080808080808080, number of more than 10 bytes",
    "ffffffffffffffffff01, number out of range",
    "80808080808001, number out of range",
    "818080808010, number out of range",
    "80808080801080808080801000, 2^52",
  })
  void refusesAnythingElse(String witness, String text) {
    Bytes input = Bytes.fromHex(witness);
    if (text.equals("2^52")) {
      assertThat(TdHobWitness.parse(input).address()).isEqualTo(1L << 52);
    } else {
      assertThatThrownBy(() -> TdHobWitness.parse(input))
          .hasMessageContaining("invalid TD HOB witness: " + text);
    }
  }

  @Property
  void readsOrRefusesAnything(@ForAll @Size(max = 40) byte[] witness) {
    try {
      TdHobWitness.parse(Bytes.of(witness)).digest(new MemorySize(1L << 31));
    } catch (RefusalException expected) {
      assertThat(expected.code()).isIn(MeasureRefusal.DOCUMENT, MeasureRefusal.MACHINE);
    }
  }
}
