package dstack.kms.chain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.ComposeHash;
import dstack.kms.core.bootinfo.InstanceId;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The calldata of two independent encoders, and what is refused before anything is encoded. */
final class AppBootInfoTest {
  static Stream<JsonNode> vectors() {
    return Vectors.json("contracts/governance-vectors.json")
        .required("bootAuth")
        .valueStream()
        .filter(vector -> !vector.required("name").stringValue().startsWith("short-hex"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void encodesAsTheOriginal(JsonNode vector) {
    AppBootInfo info = AppBootInfo.of(bootInfo(vector.required("request")));
    JsonNode expected = vector.required("calldata");
    assertThat("0x" + new PolicyQuestion(Route.APP, info).calldata())
        .isEqualTo(expected.required("isAppAllowed").stringValue());
    assertThat("0x" + new PolicyQuestion(Route.KMS, info).calldata())
        .isEqualTo(expected.required("isKmsAllowed").stringValue());
  }

  /** The fifth vector: the original pads these values on the left, and is not followed. */
  @Test
  void t13_refusesTheShortHashesThatTheOriginalPads() {
    JsonNode vector =
        Vectors.json("contracts/governance-vectors.json")
            .required("bootAuth")
            .valueStream()
            .filter(v -> v.required("name").stringValue().equals("short-hex-left-padded"))
            .findFirst()
            .orElseThrow();
    String mrAggregated = vector.required("request").required("mrAggregated").stringValue();
    assertThat(mrAggregated).isEqualTo("0x1234");
    assertThat(refusalOf(Field.MR_AGGREGATED, Bytes.fromHex(mrAggregated.substring(2))))
        .isEqualTo(PolicyRefusal.WIDTH);
  }

  enum Field {
    MR_AGGREGATED,
    MR_SYSTEM,
    OS_IMAGE_HASH,
    DEVICE_ID
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 19, 20, 21, 31, 33, 64})
  void t13_refusesEveryOtherWidthBeforeAnythingIsAsked(int length) {
    for (Field field : Field.values()) {
      assertThat(refusalOf(field, repeated(0x22, length))).isEqualTo(PolicyRefusal.WIDTH);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "OS_IMAGE_HASH", mode = EnumSource.Mode.EXCLUDE)
  void t13_refusesAnEmptyField(Field field) {
    assertThat(refusalOf(field, Bytes.EMPTY)).isEqualTo(PolicyRefusal.WIDTH);
  }

  @Test
  void takesTheHashOfTheChipAsTheDeviceOfASevSnpMachine() {
    Bytes chip = repeated(3, 64);
    BootInfo info = with(Field.DEVICE_ID, Digests.sha256(chip)).withChipId(chip);
    assertThat(AppBootInfo.of(info).deviceId().value()).isEqualTo(Digests.sha256(chip));
  }

  @Test
  void neverLetsAbsentPassForListed() {
    for (Bytes absent : List.of(Bytes.EMPTY, Bytes.zeros(32))) {
      AppBootInfo none = AppBootInfo.of(with(Field.OS_IMAGE_HASH, absent));
      assertThat(absence(Route.APP, none)).isEqualTo("OS image is not allowed");
      assertThat(absence(Route.KMS, none)).isEqualTo("OS image is not allowed");
    }
    AppBootInfo noRegisters = AppBootInfo.of(with(Field.MR_AGGREGATED, Bytes.zeros(32)));
    assertThat(absence(Route.KMS, noRegisters)).isEqualTo("Aggregated MR not allowed");
    AppBootInfo noDevice = AppBootInfo.of(with(Field.DEVICE_ID, Bytes.zeros(32)));
    assertThat(absence(Route.APP, noDevice)).isEqualTo("Device not allowed");
    assertThat(absence(Route.KMS, noDevice)).isEqualTo("KMS is not allowed to boot on this device");
    AppBootInfo noApp = AppBootInfo.of(app(Bytes.zeros(20), repeated(5, 32)));
    assertThat(absence(Route.APP, noApp)).isEqualTo("App not registered");
    AppBootInfo noCompose = AppBootInfo.of(app(repeated(4, 20), Bytes.zeros(32)));
    assertThat(absence(Route.APP, noCompose)).isEqualTo("Compose hash not allowed");
  }

  /** The contract does not look at an app's registers, nor at a node's app. */
  @Test
  void asksAboutWhatTheRouteDoesNotLookAtEvenIfItIsAbsent() {
    AppBootInfo noRegisters = AppBootInfo.of(with(Field.MR_AGGREGATED, Bytes.zeros(32)));
    assertThat(new PolicyQuestion(Route.APP, noRegisters).calldata().length()).isEqualTo(420);
    AppBootInfo noApp = AppBootInfo.of(app(Bytes.zeros(20), Bytes.zeros(32)));
    assertThat(new PolicyQuestion(Route.KMS, noApp).calldata().length()).isEqualTo(420);
  }

  @Test
  void refusesMoreTextThanTheOriginalTakes() {
    assertThat(refusalOfTexts("x".repeat(129), List.of())).isEqualTo(PolicyRefusal.WIDTH);
    assertThat(refusalOfTexts("", List.of("x".repeat(257)))).isEqualTo(PolicyRefusal.WIDTH);
    String[] many = new String[129];
    Arrays.fill(many, "INTEL-SA-00001");
    assertThat(refusalOfTexts("", List.of(many))).isEqualTo(PolicyRefusal.WIDTH);
  }

  private static Object refusalOfTexts(String status, List<String> advisories) {
    return refusal(
        () -> AppBootInfo.of(info(repeated(4, 20), repeated(5, 32), status, advisories)));
  }

  private static Object refusalOf(Field field, Bytes value) {
    return refusal(() -> AppBootInfo.of(with(field, value)));
  }

  private static Object refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    RefusalException refusal = catchThrowableOfType(RefusalException.class, call);
    return refusal == null ? "accepted" : refusal.code();
  }

  private static String absence(Route route, AppBootInfo info) {
    RefusalException refusal =
        catchThrowableOfType(RefusalException.class, () -> new PolicyQuestion(route, info));
    assertThat(refusal.code()).isEqualTo(PolicyRefusal.ABSENT);
    return refusal.text();
  }

  private static BootInfo with(Field field, Bytes value) {
    return new BootInfo(
        TeeVariant.TDX,
        field == Field.MR_AGGREGATED ? value : repeated(1, 32),
        field == Field.OS_IMAGE_HASH ? value : repeated(2, 32),
        field == Field.MR_SYSTEM ? value : repeated(3, 32),
        new AppId(repeated(4, 20)),
        new ComposeHash(repeated(5, 32)),
        new InstanceId(repeated(6, 20)),
        field == Field.DEVICE_ID ? value : repeated(7, 32),
        Bytes.EMPTY,
        "UpToDate",
        List.of());
  }

  private static BootInfo app(Bytes appId, Bytes composeHash) {
    return info(appId, composeHash, "UpToDate", List.of());
  }

  private static BootInfo info(
      Bytes appId, Bytes composeHash, String status, List<String> advisories) {
    return new BootInfo(
        TeeVariant.TDX,
        repeated(1, 32),
        repeated(2, 32),
        repeated(3, 32),
        new AppId(appId),
        new ComposeHash(composeHash),
        new InstanceId(Bytes.EMPTY),
        repeated(7, 32),
        Bytes.EMPTY,
        status,
        advisories);
  }

  private static Bytes repeated(int value, int length) {
    byte[] content = new byte[length];
    Arrays.fill(content, (byte) value);
    return Bytes.of(content);
  }

  private static BootInfo bootInfo(JsonNode request) {
    return new BootInfo(
        TeeVariant.TDX,
        bytes(request, "mrAggregated"),
        bytes(request, "osImageHash"),
        bytes(request, "mrSystem"),
        new AppId(bytes(request, "appId")),
        new ComposeHash(bytes(request, "composeHash")),
        new InstanceId(bytes(request, "instanceId")),
        bytes(request, "deviceId"),
        bytes(request, "keyProviderInfo"),
        request.required("tcbStatus").stringValue(),
        request.required("advisoryIds").valueStream().map(JsonNode::stringValue).toList());
  }

  private static Bytes bytes(JsonNode request, String field) {
    return Bytes.fromHex(request.required(field).stringValue());
  }
}
