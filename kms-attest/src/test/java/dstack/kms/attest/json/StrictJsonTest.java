package dstack.kms.attest.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.EventLogRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Allocation;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members by name and type; every doubt is refused with the reader's code. */
class StrictJsonTest {
  @Test
  void readsMembersOfEveryType() {
    JsonObject object =
        parse(
            "{\"t\":\"é\\ud83d\\ude00\",\"h\":\"aF\",\"p\":\"0x01\",\"b\":\"AQ==\",\"n\":4294967295,"
                + "\"u\":18446744073709551615,\"y\":true,\"z\":null,\"o\":{\"t\":\"\"}}");
    assertThat(object.text("t")).isEqualTo("é😀");
    assertThat(object.hex("h")).isEqualTo(Bytes.fromHex("af"));
    assertThat(object.prefixedHex("p")).isEqualTo(Bytes.fromHex("01"));
    assertThat(object.prefixedHex("h")).isEqualTo(Bytes.fromHex("af"));
    assertThat(object.base64("b")).isEqualTo(Bytes.fromHex("01"));
    assertThat(object.u32("n")).isEqualTo(4294967295L);
    assertThat(object.u64OrZero("u")).isEqualTo(new BigInteger("18446744073709551615"));
    assertThat(object.boolOrFalse("y")).isTrue();
    assertThat(object.optionalBool("y")).contains(true);
    assertThat(object.optionalObject("o").orElseThrow().text("t")).isEmpty();
    assertThat(object.has("z")).isTrue();
    assertThat(object.optionalText("z")).isEmpty();
    assertThat(object.textIfString("n")).isEmpty();
    assertThat(object.textIfString("t")).contains("é😀");
  }

  @Test
  void givesTheFallbackForAbsentMembersOnly() {
    JsonObject object = parse("{}");
    assertThat(object.textOr("x", "f")).isEqualTo("f");
    assertThat(object.hexOrEmpty("x")).isEqualTo(Bytes.EMPTY);
    assertThat(object.u32Or("x", 7)).isEqualTo(7);
    assertThat(object.u64OrZero("x")).isZero();
    assertThat(object.boolOrFalse("x")).isFalse();
    assertThat(object.optionalBool("x")).isEmpty();
    assertThat(object.optionalText("x")).isEmpty();
    assertThat(object.optionalObject("x")).isEmpty();
  }

  static Stream<Arguments> wrongMembers() {
    return Stream.of(
        refused("{}", object -> object.text("x")),
        refused("{\"x\":1}", object -> object.text("x")),
        refused("{\"x\":null}", object -> object.textOr("x", "")),
        refused("{\"x\":\"\\udc00\"}", object -> object.text("x")),
        refused("{\"x\":\"\\ud800a\"}", object -> object.textIfString("x")),
        refused("{\"x\":\"0\"}", object -> object.hex("x")),
        refused("{\"x\":\"0x00\"}", object -> object.hex("x")),
        refused("{\"x\":\"0X00\"}", object -> object.prefixedHex("x")),
        refused("{\"x\":\"0x0\"}", object -> object.prefixedHex("x")),
        refused("{\"x\":\"A\"}", object -> object.base64("x")),
        refused("{\"x\":\"AQ\\n==\"}", object -> object.base64("x")),
        refused("{\"x\":-1}", object -> object.u32("x")),
        refused("{\"x\":4294967296}", object -> object.u32("x")),
        refused("{\"x\":1.0}", object -> object.u32("x")),
        refused("{\"x\":18446744073709551616}", object -> object.u64OrZero("x")),
        refused("{\"x\":-1}", object -> object.u64OrZero("x")),
        refused("{\"x\":\"true\"}", object -> object.boolOrFalse("x")),
        refused("{\"x\":null}", object -> object.boolOrFalse("x")),
        refused("{\"x\":0}", object -> object.optionalBool("x")),
        refused("{\"x\":[]}", object -> object.optionalObject("x")));
  }

  private static Arguments refused(String json, Consumer<JsonObject> read) {
    return Arguments.of(json, read);
  }

  @ParameterizedTest
  @MethodSource("wrongMembers")
  void refusesMembersOfAnotherTypeOrRange(String json, Consumer<JsonObject> read) {
    JsonObject object = parse(json);
    assertThatThrownBy(() -> read.accept(object))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EventLogRefusal.EVENT_LOG_MALFORMED))
        .hasMessageContaining("`x`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{",
        "{}{}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "{/**/}",
        "\ufeff{}",
        "{\"a\":\"\n\"}",
        "{\"a\":111111111111111111111111111111111}",
      })
  void refusesWhatIsNotOneStrictObject(String json) {
    assertThatThrownBy(() -> parse(json)).isInstanceOf(RefusalException.class);
  }

  @Test
  void boundsDepthAndCount() {
    assertThat(parse("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}").has("a")).isTrue();
    assertThatThrownBy(() -> parse("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}"))
        .isInstanceOf(RefusalException.class);
    assertThat(StrictJson.objects("[{},{}]", 2, EventLogRefusal.EVENT_LOG_MALFORMED)).hasSize(2);
    assertThatThrownBy(() -> StrictJson.objects("[{},{}]", 1, EventLogRefusal.EVENT_LOG_MALFORMED))
        .hasMessage("more than 1 items");
  }

  @Test
  void takesALogOfTheMostEventsWithUnknownMembersBesideTheKnown() {
    String event = "{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":[[],{}]}";
    String log = "[" + (event + ",").repeat(4095) + event + "]";
    assertThat(StrictJson.objects(log, 4096, EventLogRefusal.EVENT_LOG_MALFORMED)).hasSize(4096);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{},", "[],", "0,", "{\"a\":{}},", "\"\",", "[[]],"})
  void refusesTenMegabytesOfTokensBeforeTheyAreATree(String item) {
    String items = item.repeat((10 << 20) / item.length());
    for (String json :
        List.of("[" + items + "0]", "{\"a\":[" + items + "0]}", "[{\"a\":[" + items + "0]}]")) {
      long allocated =
          Allocation.bytesOf(
              () ->
                  assertThatThrownBy(
                          () -> StrictJson.objects(json, 4096, EventLogRefusal.EVENT_LOG_MALFORMED))
                      .isInstanceOf(RefusalException.class)
                      .hasMessage("invalid JSON"));
      assertThat(allocated).isLessThan(40L << 20);
    }
  }

  private static JsonObject parse(String json) {
    return StrictJson.object(json, EventLogRefusal.EVENT_LOG_MALFORMED);
  }
}
