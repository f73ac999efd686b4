package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Boot;
import dstack.kms.chain.testing.Calldata;
import dstack.kms.chain.testing.ChainTest;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The calldata and the return data of the vectors, sent to and answered by the contracts. */
final class CalldataVectorsTest extends ChainTest {
  private static final Word IMAGE = Word.parse("22".repeat(32));
  private static final Word MR = Word.parse("11".repeat(32));
  private static final Word DEVICE = Word.parse("77".repeat(32));
  private static final Address APP = Address.parse("0x" + "44".repeat(20));

  static Stream<JsonNode> boots() {
    return StreamSupport.stream(vectors().get("bootAuth").spliterator(), false);
  }

  @ParameterizedTest
  @MethodSource("boots")
  void encodesTheBootAsTheVectorsDo(JsonNode vector) {
    Boot boot = boot(vector.get("struct"));
    for (String function : List.of("isAppAllowed", "isKmsAllowed")) {
      assertThat("0x" + Calldata.of(function + "(" + Boot.TUPLE + ")", boot).hex())
          .isEqualTo(vector.get("calldata").get(function).asString());
    }
  }

  @ParameterizedTest
  @MethodSource("boots")
  void readsTheVectorsAsTheyAreMeant(JsonNode vector) {
    kms.owner("addOsImageHash(bytes32)", IMAGE);
    kms.owner("addKmsAggregatedMr(bytes32)", MR);
    kms.owner("addKmsDevice(bytes32)", DEVICE);
    JsonNode struct = vector.get("struct");
    boolean upToDate = struct.get("tcbStatus").asString().equals("UpToDate");
    boolean measured = struct.get("mrAggregated").asString().equals(MR.text());
    String reason =
        !upToDate ? "TCB status is not up to date" : measured ? "" : "Aggregated MR not allowed";
    Bytes kmsCall = hex(vector.get("calldata").get("isKmsAllowed"));
    assertThat("0x" + chain.call(kms.kms(), kmsCall).hex()).isEqualTo(returned(reason));
    Bytes appCall = hex(vector.get("calldata").get("isAppAllowed"));
    assertThat("0x" + chain.call(kms.kms(), appCall).hex())
        .isEqualTo(returned("App not registered"));
  }

  @Test
  void obeysTheVectorsOfGovernance() {
    for (String name :
        List.of(
            "addOsImageHash",
            "addKmsAggregatedMr",
            "addKmsDevice",
            "setGatewayAppId",
            "setKmsInfo",
            "registerApp",
            "deploy5",
            "deploy6")) {
      chain.send(owner, kms.kms(), hex(vectors().get("calldata").get(name)));
    }
    assertThat(kms.read(kms.kms(), "allowedOsImages(bytes32)", IMAGE).flag(0)).isTrue();
    assertThat(kms.read(kms.kms(), "kmsAllowedAggregatedMrs(bytes32)", MR).flag(0)).isTrue();
    assertThat(kms.read(kms.kms(), "kmsAllowedDeviceIds(bytes32)", DEVICE).flag(0)).isTrue();
    assertThat(kms.read(kms.kms(), "registeredApps(address)", APP).flag(0)).isTrue();
    assertThat(kms.read(kms.kms(), "gatewayAppId()").text(0))
        .isEqualTo("0x75537828f2ce51be7289709686A69CbFDbB714F1");
    assertThat("0x" + kms.read(kms.kms(), "gatewayAppId()").data().hex())
        .isEqualTo(vectors().get("otherReturns").get("gatewayAppId_addr").asString());
    assertThat(kms.read(kms.kms(), "kmsInfo()").bytes(0).hex()).isEqualTo("02" + "aa".repeat(32));
  }

  @Test
  void answersAnEmptyGatewayAsTheVectorsDo() {
    assertThat("0x" + kms.read(kms.kms(), "gatewayAppId()").data().hex())
        .isEqualTo(vectors().get("otherReturns").get("gatewayAppId_empty").asString());
  }

  private static JsonNode vectors() {
    return Vectors.json("contracts/governance-vectors.json");
  }

  private static String returned(String reason) {
    for (JsonNode each : vectors().get("returns")) {
      if (each.get("reason").asString().equals(reason)) {
        return each.get("returndata").asString();
      }
    }
    throw new AssertionError(reason);
  }

  private static Boot boot(JsonNode struct) {
    List<String> advisories =
        StreamSupport.stream(struct.get("advisoryIds").spliterator(), false)
            .map(JsonNode::asString)
            .toList();
    return new Boot(
        Address.parse(struct.get("appId").asString()),
        Word.parse(struct.get("composeHash").asString()),
        Address.parse(struct.get("instanceId").asString()),
        Word.parse(struct.get("deviceId").asString()),
        Word.parse(struct.get("mrAggregated").asString()),
        Word.parse(struct.get("mrSystem").asString()),
        Word.parse(struct.get("osImageHash").asString()),
        struct.get("tcbStatus").asString(),
        advisories);
  }

  private static Bytes hex(JsonNode text) {
    return Bytes.fromHex(text.asString().substring(2));
  }
}
