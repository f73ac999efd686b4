package dstack.kms.chain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.chain.account.Address;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Answers as two independent encoders wrote them, and every way to write them otherwise. */
final class ReturnDataTest {
  private static final String ZERO = "00".repeat(32);
  private static final String ONE = "00".repeat(31) + "01";
  private static final String OFFSET_40 = "00".repeat(31) + "40";
  private static final String OFFSET_20 = "00".repeat(31) + "20";

  static Stream<JsonNode> returns() {
    return Vectors.json("contracts/governance-vectors.json").required("returns").valueStream();
  }

  @ParameterizedTest
  @MethodSource("returns")
  void readsEveryReasonOfTheOriginal(JsonNode vector) {
    assertThat(ReturnData.verdict(data(vector.required("returndata"))))
        .isEqualTo(
            new Verdict(
                vector.required("isAllowed").booleanValue(),
                vector.required("reason").stringValue()));
  }

  @Test
  void readsTheOtherAnswersOfTheContract() {
    JsonNode others = Vectors.json("contracts/governance-vectors.json").required("otherReturns");
    assertThat(ReturnData.text(data(others.required("gatewayAppId_empty")))).isEmpty();
    assertThat(ReturnData.text(data(others.required("gatewayAppId_addr"))))
        .isEqualTo("0x75537828f2ce51be7289709686A69CbFDbB714F1")
        .hasSize(42);
    assertThat(ReturnData.address(data(others.required("appImplementation"))))
        .isEqualTo(Address.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"));
  }

  @ParameterizedTest
  @MethodSource("returns")
  void refusesEveryTruncationAndEveryByteTooMany(JsonNode vector) {
    Bytes data = data(vector.required("returndata"));
    IntStream.range(0, data.length())
        .forEach(
            length ->
                assertThat(codeOf(ReturnData::verdict, data.slice(0, length)))
                    .isEqualTo(PolicyRefusal.ENCODING));
    for (int more : new int[] {1, 31, 32, 64}) {
      assertThat(codeOf(ReturnData::verdict, Bytes.concat(data, Bytes.zeros(more))))
          .isEqualTo(PolicyRefusal.ENCODING);
    }
  }

  /**
   * No bit outside of the reason itself and its length, of which the lowest two give it back a zero
   * of its padding, can be flipped without a refusal or another verdict.
   */
  @Test
  void refusesEveryFlippedBitOfHeadAndPadding() {
    Bytes data = data(returns().skip(1).findFirst().orElseThrow().required("returndata"));
    for (int bit = 0; bit < 8 * data.length(); bit++) {
      boolean verdict = bit == 8 * 32 - 1;
      boolean reason = bit >= 8 * 96 - 2 && bit < 8 * (96 + 28);
      byte[] flipped = data.toArray();
      flipped[bit / 8] ^= (byte) (0x80 >> bit % 8);
      if (verdict) {
        assertThat(ReturnData.verdict(Bytes.of(flipped)).allowed()).isTrue();
      } else if (!reason) {
        assertThat(codeOf(ReturnData::verdict, Bytes.of(flipped)))
            .isIn(PolicyRefusal.ENCODING, PolicyRefusal.TEXT_LENGTH);
      }
    }
  }

  @Test
  void refusesATruthValueOtherThanZeroAndOne() {
    for (String word :
        new String[] {"00".repeat(31) + "02", "01" + "00".repeat(31), "ff".repeat(32)}) {
      assertThat(codeOf(ReturnData::verdict, hex(word + OFFSET_40 + ZERO)))
          .isEqualTo(PolicyRefusal.ENCODING);
      assertThat(codeOf(ReturnData::flag, hex(word))).isEqualTo(PolicyRefusal.ENCODING);
    }
    assertThat(ReturnData.flag(hex(ONE))).isTrue();
    assertThat(ReturnData.flag(hex(ZERO))).isFalse();
  }

  @Test
  void refusesAnAppThatReturnsNothingOrOneWord() {
    assertThat(codeOf(ReturnData::verdict, Bytes.EMPTY)).isEqualTo(PolicyRefusal.ENCODING);
    assertThat(codeOf(ReturnData::verdict, hex(ONE))).isEqualTo(PolicyRefusal.ENCODING);
    assertThat(codeOf(ReturnData::text, Bytes.EMPTY)).isEqualTo(PolicyRefusal.ENCODING);
    assertThat(codeOf(ReturnData::flag, Bytes.EMPTY)).isEqualTo(PolicyRefusal.ENCODING);
    assertThat(codeOf(ReturnData::address, Bytes.EMPTY)).isEqualTo(PolicyRefusal.ENCODING);
    assertThat(codeOf(ReturnData::address, hex("01" + "00".repeat(31))))
        .isEqualTo(PolicyRefusal.ENCODING);
  }

  @Test
  void refusesOffsetsThatPointElsewhere() {
    for (String offset : new String[] {ZERO, OFFSET_20, "00".repeat(31) + "60", "ff".repeat(32)}) {
      assertThat(codeOf(ReturnData::verdict, hex(ONE + offset + ZERO + ZERO)))
          .isEqualTo(PolicyRefusal.ENCODING);
    }
    assertThat(codeOf(ReturnData::text, hex(OFFSET_40 + ZERO + ZERO)))
        .isEqualTo(PolicyRefusal.ENCODING);
  }

  @Test
  void takesATextOfTheLimitAndRefusesOneByteMore() {
    assertThat(ReturnData.verdict(verdictWithReasonOf(1024)).reason()).hasSize(1024);
    assertThat(codeOf(ReturnData::verdict, verdictWithReasonOf(1025)))
        .isEqualTo(PolicyRefusal.TEXT_LENGTH);
    assertThat(codeOf(ReturnData::verdict, verdictWithReasonOf(1 << 20)))
        .isEqualTo(PolicyRefusal.TEXT_LENGTH);
  }

  @Test
  void refusesATextThatIsNotUtf8() {
    for (String bytes : new String[] {"ff", "c080", "eda080", "e282"}) {
      String length = "00".repeat(31) + "0" + bytes.length() / 2;
      Bytes padded = hex(bytes).paddedTo(32);
      assertThat(codeOf(ReturnData::verdict, Bytes.concat(hex(ZERO + OFFSET_40 + length), padded)))
          .isEqualTo(PolicyRefusal.ENCODING);
      assertThat(codeOf(ReturnData::text, Bytes.concat(hex(OFFSET_20 + length), padded)))
          .isEqualTo(PolicyRefusal.ENCODING);
    }
  }

  private static Bytes verdictWithReasonOf(int length) {
    return Bytes.concat(hex(ZERO + OFFSET_40), Tail.text("x".repeat(length)));
  }

  static Object codeOf(Function<Bytes, ?> reader, Bytes data) {
    RefusalException refusal =
        catchThrowableOfType(RefusalException.class, () -> reader.apply(data));
    return refusal == null ? "accepted" : refusal.code();
  }

  private static Bytes data(JsonNode text) {
    return hex(text.stringValue().substring(2));
  }

  private static Bytes hex(String digits) {
    return Bytes.fromHex(digits);
  }
}
