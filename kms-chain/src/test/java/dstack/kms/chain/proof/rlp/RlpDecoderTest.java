package dstack.kms.chain.proof.rlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Node;
import java.math.BigInteger;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RlpDecoderTest {
  /** Random values and their encodings by ethers; arrays are lists, texts are hexadecimal. */
  private static final String BY_ETHERS =
      """
      import { encodeRlp } from 'ethers';
      let state = 7;
      const random = (n) => { state = (state * 1103515245 + 12345) % 2147483648; return state % n; };
      const lengths = [0, 1, 1, 1, 2, 20, 32, 54, 55, 56, 57, 255, 256, 257, 1000];
      const text = () => '0x' + Array.from({ length: lengths[random(lengths.length)] },
          () => random(256).toString(16).padStart(2, '0')).join('');
      const value = (depth) => depth < 6 && random(3) > 0
          ? Array.from({ length: random(5) }, () => value(depth + 1)) : text();
      const all = [];
      for (let i = 0; i < 400; i++) { const v = value(0); all.push([v, encodeRlp(v)]); }
      console.log(JSON.stringify(all));
      """;

  private static RlpItem decode(String hex) {
    return RlpDecoder.decode(Bytes.fromHex(hex.replace(" ", "")));
  }

  private static void refused(RlpRefusal reason, ThrowingCallable step) {
    assertThatThrownBy(step)
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(reason));
  }

  private static RlpItem ofJson(JsonNode value) {
    return value.isArray()
        ? RlpItem.of(value.valueStream().map(RlpDecoderTest::ofJson).toList())
        : RlpItem.of(Bytes.fromHex(value.stringValue().substring(2)));
  }

  @Test
  void readsAndWritesWhatEthersEncodes() {
    JsonNode all = JsonMapper.shared().readTree(Node.run(BY_ETHERS));
    assertThat(all.size()).isEqualTo(400);
    for (JsonNode pair : all) {
      RlpItem value = ofJson(pair.get(0));
      Bytes encoded = Bytes.fromHex(pair.get(1).stringValue().substring(2));
      assertThat(RlpDecoder.decode(encoded)).isEqualTo(value);
      assertThat(RlpEncoder.encode(value)).isEqualTo(encoded);
    }
  }

  /** The examples of the encoding's own description. */
  @ParameterizedTest
  @CsvSource({
    "83646f67, 646f67",
    "80, ''",
    "00, 00",
    "0f, 0f",
    "7f, 7f",
    "8180, 80",
    "820400, 0400"
  })
  void readsStrings(String encoded, String content) {
    assertThat(decode(encoded).content()).isEqualTo(Bytes.fromHex(content));
  }

  @Test
  void readsTheListThatIsThree() {
    RlpItem zero = RlpItem.of(List.of());
    RlpItem one = RlpItem.of(List.of(zero));
    RlpItem two = RlpItem.of(List.of(zero, one));
    assertThat(decode("c7c0c1c0c3c0c1c0")).isEqualTo(RlpItem.of(List.of(zero, one, two)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 80",
    "15, 0f",
    "127, 7f",
    "128, 8180",
    "1024, 820400",
    "4294967296, 850100000000"
  })
  void writesNumbersWithoutLeadingZeros(BigInteger number, String encoded) {
    assertThat(RlpEncoder.encode(RlpItem.of(number)).hex()).isEqualTo(encoded);
    assertThat(decode(encoded).number()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "81",
        "82 01",
        "b8",
        "b838",
        "b837 00",
        "b9 0100",
        "bf 0100000000000000",
        "c1",
        "c2 80",
        "c3 80 82 01",
        "f8",
        "f838",
        "f900",
        "c2 81",
        "c1 c1 80",
        "ff ffffffffffffffff",
        "bb ffffffff",
        "ba ffffff",
        "fa ffffff"
      })
  void refusesValuesThatReachBeyondTheirBytes(String hex) {
    assertThatThrownBy(() -> decode(hex))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isIn(RlpRefusal.TRUNCATED, RlpRefusal.NOT_CANONICAL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8100", "817f", "c28101", "b80161", "b800", "b83700", "b90038", "f801c0", "f800"})
  void refusesLongerEncodingsOfTheSameValue(String hex) {
    refused(RlpRefusal.NOT_CANONICAL, () -> decode(hex));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8080", "0000", "c0c0", "83646f6700", "c18080"})
  void refusesWhatStandsBehindTheValue(String hex) {
    refused(RlpRefusal.TRAILING_BYTES, () -> decode(hex));
  }

  @Test
  void readsNestingToTheLimitAndRefusesOneMore() {
    assertThat(nested(RlpDecoder.MAX_DEPTH)).isNotNull();
    refused(RlpRefusal.TOO_DEEP, () -> nested(RlpDecoder.MAX_DEPTH + 1));
  }

  private static RlpItem nested(int lists) {
    RlpItem item = RlpItem.of(List.of());
    for (int i = 1; i < lists; i++) {
      item = RlpItem.of(List.of(item));
    }
    return RlpDecoder.decode(RlpEncoder.encode(item));
  }

  @Test
  void refusesToTakeAListForAStringAndAStringForAList() {
    refused(RlpRefusal.UNEXPECTED_KIND, () -> decode("c0").content());
    refused(RlpRefusal.UNEXPECTED_KIND, () -> decode("c0").number());
    refused(RlpRefusal.UNEXPECTED_KIND, () -> decode("80").items());
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "820001", "8400000000"})
  void refusesNumbersWithLeadingZeros(String hex) {
    refused(RlpRefusal.NOT_CANONICAL, () -> decode(hex).number());
  }
}
