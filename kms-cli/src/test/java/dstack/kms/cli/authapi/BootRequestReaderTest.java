package dstack.kms.cli.authapi;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Allocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Bodies as the framework of the original takes and refuses them (specification 21 §3.2). */
class BootRequestReaderTest {
  private static final String JSON = "application/json";
  private static final List<String> MEMBERS =
      List.of(
          "mrAggregated",
          "osImageHash",
          "appId",
          "composeHash",
          "instanceId",
          "deviceId",
          "mrSystem",
          "tcbStatus",
          "advisoryIds");

  /** Values that are put into each member in turn. */
  private static final List<String> VALUES =
      List.of(
          "\"\"",
          "\"0x\"",
          "\"0X00\"",
          "\"ab\"",
          "\"0xAbC\"",
          "\"abc\"",
          "\"zz\"",
          "\"0x\\n\"",
          "\"" + "1".repeat(40) + "\"",
          "\"" + "1".repeat(41) + "\"",
          "\"0x" + "f".repeat(40) + "\"",
          "\"" + "2".repeat(64) + "\"",
          "\"0x" + "2".repeat(64) + "\"",
          "\"" + "2".repeat(65) + "\"",
          "\"0x" + "2".repeat(65) + "\"",
          "\"" + "3".repeat(128) + "\"",
          "\"" + "x".repeat(128) + "\"",
          "\"" + "x".repeat(129) + "\"",
          "\"" + "\uD83D\uDE00".repeat(128) + "\"",
          "\"" + "\uD83D\uDE00".repeat(129) + "\"",
          "\"" + "x".repeat(256) + "\"",
          "\"" + "x".repeat(257) + "\"",
          "null",
          "true",
          "false",
          "0",
          "-0",
          "12",
          "-12",
          "1.0",
          "1.5",
          "0.000001",
          "1e-7",
          "1e21",
          "1e20",
          "1e400",
          "12345678901234567890",
          "9007199254740993",
          "{}",
          "{\"a\":1}",
          "[]",
          "[\"ab\"]",
          "[12]",
          "[null]",
          "[true]",
          "[[]]",
          "[{}]",
          "[[\"ab\"]]",
          "[[[\"ab\"]]]",
          "[\"ab\",\"cd\"]",
          "[\"ab\",7,null,true,[\"x\"]]",
          "[" + "\"a\",".repeat(127) + "\"a\"]",
          "[" + "\"a\",".repeat(128) + "\"a\"]");

  private static String body(String member, String value) {
    StringBuilder body = new StringBuilder("{\"unknown\":{\"a\":[1]}");
    for (String name : MEMBERS.subList(0, 6)) {
      body.append(",\"").append(name).append("\":");
      body.append(name.equals(member) ? value : "\"01\"");
    }
    if (MEMBERS.indexOf(member) >= 6) {
      body.append(",\"").append(member).append("\":").append(value);
    }
    return body.append('}').toString();
  }

  private static List<PeerValidator.Request> requests() {
    List<PeerValidator.Request> requests = new ArrayList<>();
    for (String member : MEMBERS) {
      for (String value : VALUES) {
        requests.add(new PeerValidator.Request(body(member, value), JSON));
      }
    }
    for (String member : MEMBERS.subList(0, 6)) {
      String without = body(member, "0").replace("\"" + member + "\":0", "\"other\":0");
      requests.add(new PeerValidator.Request(without, JSON));
    }
    String good = body("appId", "\"01\"");
    for (String other :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "7",
            "\"x\"",
            "true",
            "[" + good + "]",
            good + "x",
            "nul",
            "\uFEFF" + good,
            "{'a':1}",
            "{\"a\":NaN}")) {
      requests.add(new PeerValidator.Request(other, JSON));
    }
    for (String type :
        List.of(
            "",
            "text/plain",
            "text/html",
            "application/problem+json",
            "APPLICATION/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=latin1")) {
      requests.add(new PeerValidator.Request(good, type));
      requests.add(new PeerValidator.Request("", type));
    }
    return requests;
  }

  @Test
  void takesAndRefusesWhatTheFrameworkOfTheOriginalDoes() throws IOException {
    List<PeerValidator.Request> requests = requests();
    List<PeerValidator.Outcome> outcomes = PeerValidator.outcomes(requests);
    int taken = 0;
    for (int i = 0; i < requests.size(); i++) {
      RequestReading reading = read(requests.get(i));
      assertThat(status(reading))
          .as(requests.get(i).toString())
          .isEqualTo(outcomes.get(i).status());
      if (reading instanceof RequestReading.Valid(BootRequest request, _)) {
        assertThat(request).as(requests.get(i).toString()).isEqualTo(of(outcomes.get(i).body()));
        taken++;
      }
    }
    assertThat(taken).isBetween(150, requests.size() - 150);
  }

  private static RequestReading read(PeerValidator.Request request) {
    String type = request.type().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return BootRequestReader.read(type, Bytes.utf8(request.body()));
  }

  private static int status(RequestReading reading) {
    return switch (reading) {
      case RequestReading.Valid _ -> 200;
      case RequestReading.Invalid _ -> 400;
      case RequestReading.Unreadable _ -> 500;
    };
  }

  /** What the handler of the original makes of the members that it sees. */
  private static BootRequest of(JsonNode seen) {
    return new BootRequest(
        filled(seen, "mrAggregated", 64),
        filled(seen, "osImageHash", 64),
        filled(seen, "appId", 40),
        filled(seen, "composeHash", 64),
        filled(seen, "instanceId", 40),
        filled(seen, "deviceId", 64),
        filled(seen, "mrSystem", 64),
        seen.get("tcbStatus").stringValue(),
        seen.get("advisoryIds").valueStream().map(JsonNode::stringValue).toList());
  }

  private static Bytes filled(JsonNode seen, String member, int digits) {
    String text = seen.get(member).stringValue().replaceFirst("^0x", "");
    return Bytes.fromHex("0".repeat(digits - text.length()) + text);
  }

  @Test
  void refusesAMegabyteOfTokensBeforeItIsATree() {
    String good = body("appId", "\"01\"");
    String many = good.replace("[1]", "[" + "{},".repeat(340_000) + "{}]");
    long allocated =
        Allocation.bytesOf(
            () ->
                assertThat(BootRequestReader.read(JSON, Bytes.utf8(many)))
                    .isInstanceOf(RequestReading.Unreadable.class));
    assertThat(allocated).isLessThan(8L << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"appId", "deviceId", "advisoryIds", "unknown"})
  void refusesAMemberThatIsThereTwice(String member) {
    String twice = body("appId", "\"01\"").replaceFirst("}$", "") + ",\"tcbStatus\":\"\"";
    String body = twice + ",\"advisoryIds\":[],\"" + member + "\":\"02\"}";
    assertThat(BootRequestReader.read(JSON, Bytes.utf8(body)))
        .isInstanceOf(RequestReading.Unreadable.class);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    Bytes body = Bytes.utf8(body("tcbStatus", "\"~\""));
    Bytes broken = Bytes.fromHex(body.hex().replace("7e", "ff"));
    assertThat(BootRequestReader.read(JSON, broken)).isInstanceOf(RequestReading.Unreadable.class);
  }
}
