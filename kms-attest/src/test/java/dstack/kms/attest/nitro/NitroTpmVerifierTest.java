package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.platform.Claims;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EC2 instances with NitroTPM; expected values were computed by an independent program. */
final class NitroTpmVerifierTest {
  private static final String CONTEXT = "NitroTPM attestation verification failed: ";
  private static final ReportData REPORT_DATA = new ReportData(Bytes.fromHex("cd".repeat(64)));
  private static final Bytes PCR14 =
      Bytes.fromHex(
          "e32a95211d1005661d42c101a7c8aad63c9394ceb7604495"
              + "5bb921e40de485db0754657eec7c61dc1a0097ff49d8cc38");
  private static final String BOOT_DIGEST =
      "0886baf52709e09df6f8901e5038acece9ce35c71f8d453b9ddc370bea0d883b";
  private static final String IMAGE = "77".repeat(32);
  private static final String CONFIG = "{\"os_image_hash\":\"" + IMAGE + "\"}";

  private static VerifiedNitroTpm verify(
      Consumer<ForgedDocument> change, RuntimeEvents events, ConfigRegister register) {
    ForgedChain chain = new ForgedChain();
    ForgedDocument document = ForgedDocument.ofTpm(chain, REPORT_DATA.value());
    document.registers.put(14, PCR14);
    document.registers.put(8, Instances.PCR8);
    change.accept(document);
    return new NitroTpmVerifier(Verifiers.server(chain), register)
        .verify(new NitroTpmEvidence(document.cose()), new Claims(REPORT_DATA, events, CONFIG));
  }

  private static VerifiedNitroTpm good() {
    return verify(d -> {}, Instances.events(), ConfigRegister.checked(Set::of));
  }

  private static RefusalException refusal(Consumer<ForgedDocument> change) {
    return refusal(change, Instances.events());
  }

  private static RefusalException refusal(Consumer<ForgedDocument> change, RuntimeEvents events) {
    return Refusals.of(() -> verify(change, events, ConfigRegister.checked(Set::of)));
  }

  @Test
  void describesTheInstanceWhileItRuns() {
    AppInfo info = good().appInfo("", MeasurementPoint.RUNTIME);

    assertThat(info.appId()).isEqualTo(Instances.APP_ID);
    assertThat(info.composeHash()).isEqualTo(Instances.COMPOSE_HASH);
    assertThat(info.instanceId()).isEqualTo(Instances.INSTANCE_ID);
    assertThat(info.initScriptHashes()).containsExactly(Instances.INIT_SCRIPT);
    assertThat(info.keyProviderInfo()).isEqualTo(Instances.PROVIDER);
    assertThat(info.osImageHash().hex()).isEqualTo(IMAGE);
    assertThat(info.deviceId().hex())
        .isEqualTo("7a3495f58488df45a78c1725bb57eb6578fd9a3b9fe3effd718d11c670b0a051");
    assertThat(info.mrSystem().hex())
        .isEqualTo("a632069d3d9039f7e5d78e2ec41939d7d99d68facf384711f46fada6f7ee9631");
    assertThat(info.mrAggregated().hex())
        .isEqualTo("d23978a4864c29449871afadee4417e8981c921d485eaef64686da79b23fd050");
  }

  @Test
  void describesTheInstanceAtItsBoot() {
    AppInfo info = good().appInfo("", MeasurementPoint.BOOT);

    assertThat(info.composeHash()).isEqualTo(Instances.COMPOSE_HASH);
    assertThat(info.keyProviderInfo()).isEqualTo(Bytes.EMPTY);
    assertThat(info.mrSystem().hex())
        .isEqualTo("324931881ffb049c663090fc007afcf9cd2f2823d33c3917ec96c912c52799f1");
    assertThat(info.mrAggregated().hex())
        .isEqualTo("d559bcab07d1fc08ea26e8e14a394c1410a00ca3479e6fa868f3afc50e7864c7");
  }

  @Test
  void t17_theStatusIsTheProtocolsWordAndNobodysAssessment() {
    VerifiedNitroTpm instance = good();

    assertThat(instance.status().tcbStatus()).isEqualTo("UpToDate");
    assertThat(instance.status().advisoryIds()).isEmpty();
    assertThat(instance.status().assessed()).isFalse();
    assertThat(instance.instanceLabel()).isEqualTo("i-0123456789abcdef0-tpm0000000000000000");
    assertThat(instance.rawDeviceId())
        .isEqualTo(Bytes.utf8("i-0123456789abcdef0-tpm0000000000000000"));
    assertThat(instance.unchecked()).isEmpty();
    assertThat(instance.digest().length()).isEqualTo(32);
  }

  @Test
  void takesTheConfigurationOfTheRequestBeforeTheEmbeddedOne() {
    String other = "88".repeat(32);
    assertThat(
            good()
                .appInfo("{\"os_image_hash\":\"" + other + "\"}", MeasurementPoint.RUNTIME)
                .osImageHash()
                .hex())
        .isEqualTo(other);
  }

  @Test
  void refusesDocumentsThatAreBoundToSomethingElse() {
    assertThat(refusal(d -> d.without("user_data")))
        .hasMessage(CONTEXT + "NitroTPM attestation document does not contain user_data");
    assertThat(refusal(d -> d.field("user_data", new CborValue.Raw(Bytes.zeros(64)))))
        .hasMessage(CONTEXT + "NitroTPM user_data does not match report_data");
    assertThat(refusal(d -> d.field("user_data", new CborValue.Raw(Bytes.utf8("x")))))
        .hasMessage(CONTEXT + "NitroTPM user_data does not match report_data");
  }

  @Test
  void refusesEventsThatTheTpmDidNotMeasure() {
    List<RuntimeEvent> swapped = new ArrayList<>(Instances.events().events());
    Collections.swap(swapped, 1, 2);
    List<RuntimeEvent> shorter = Instances.events().events().subList(0, 8);
    List<RuntimeEvent> longer = new ArrayList<>(Instances.events().events());
    longer.add(RuntimeEvent.v1("app-event", Bytes.EMPTY));
    for (RuntimeEvents other :
        List.of(
            RuntimeEvents.NONE,
            new RuntimeEvents(swapped),
            new RuntimeEvents(shorter),
            new RuntimeEvents(longer),
            Instances.with("app-id", Bytes.fromHex("34".repeat(20))),
            Instances.with("app-event", Bytes.utf8("y")))) {
      assertThat(refusal(d -> {}, other))
          .hasMessage(
              CONTEXT + "PCR14 mismatch, quoted: " + PCR14 + ", replayed: " + other.replaySha384());
    }
  }

  @Test
  void refusesAResetRuntimeRegister() {
    assertThat(refusal(d -> d.registers.put(14, Bytes.zeros(48)), RuntimeEvents.NONE).text())
        .startsWith(CONTEXT + "PCR8 mismatch");
    VerifiedNitroTpm nothingMeasured =
        verify(
            d -> d.registers.put(14, Bytes.zeros(48)),
            RuntimeEvents.NONE,
            ConfigRegister.unchecked());
    assertThat(Refusals.of(() -> nothingMeasured.appInfo("", MeasurementPoint.RUNTIME)).text())
        .startsWith("decode app info: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7, 8, 12, 14})
  void refusesAMissingRegister(int index) {
    assertThat(refusal(d -> d.registers.remove(index)))
        .hasMessage(CONTEXT + "PCR " + index + " not found");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7, 12})
  void t43_eachBootRegisterIsInEveryMeasurement(int index) {
    VerifiedNitroTpm other =
        verify(
            d -> d.registers.put(index, ForgedDocument.register("other")),
            Instances.events(),
            ConfigRegister.checked(Set::of));
    for (MeasurementPoint point : MeasurementPoint.values()) {
      AppInfo changed = other.appInfo("", point);
      AppInfo same = good().appInfo("", point);
      assertThat(changed.mrSystem()).isNotEqualTo(same.mrSystem());
      assertThat(changed.mrAggregated()).isNotEqualTo(same.mrAggregated());
    }
    assertThat(Refusals.of(() -> NitroTpmImageRule.require(other, config())).text())
        .startsWith("AWS boot_pcr_digest mismatch: expected=" + BOOT_DIGEST + ", quoted=");
  }

  @Test
  void refusesAConfigurationRegisterOfAnotherApp() {
    assertThat(refusal(d -> d.registers.put(8, Bytes.zeros(48))).text())
        .isEqualTo(
            CONTEXT
                + "PCR8 mismatch, quoted: "
                + Bytes.zeros(48)
                + " is no configuration of this app");
    assertThat(
            verify(
                d -> d.registers.put(8, Bytes.zeros(48)),
                Instances.events(),
                ConfigRegister.unchecked()))
        .isNotNull();
  }

  @Test
  void readsIdentitiesOnlyFromTheExpectedSequence() {
    List<RuntimeEvent> twice = new ArrayList<>(Instances.events().events());
    twice.add(2, RuntimeEvent.v1("app-id", Bytes.fromHex("34".repeat(20))));
    RuntimeEvents events = new RuntimeEvents(twice);
    VerifiedNitroTpm instance =
        verify(d -> d.registers.put(14, events.replaySha384()), events, ConfigRegister.unchecked());

    assertThat(Refusals.of(() -> instance.appInfo("", MeasurementPoint.RUNTIME)))
        .hasMessage("decode app info: runtime event app-id is repeated");
  }

  @Test
  void everyRefusalOfTheDocumentStandsInItsContexts() {
    assertThat(refusal(d -> d.signature = java.util.Optional.of(Bytes.zeros(96))))
        .hasMessage(
            CONTEXT
                + "COSE attestation document verification failed: "
                + "COSE signature verification failed: ECDSA signature verification failed");
  }

  private static Bytes measurement(CborValue digest) {
    return CborWriter.write(new CborMap(Map.of(new CborValue.Text("boot_pcr_digest"), digest)));
  }

  private static VmConfig config() {
    return config(measurement(new CborValue.Raw(Bytes.fromHex(BOOT_DIGEST))));
  }

  private static VmConfig config(Bytes measurement) {
    Bytes sums =
        Bytes.utf8(
            "00".repeat(32)
                + "  rootfs.img\n"
                + Digests.sha256(measurement)
                + "  measurement.aws.cbor\n");
    return config(sums, measurement, Digests.sha256(sums));
  }

  private static VmConfig config(Bytes sums, Bytes measurement, Bytes hash) {
    Base64.Encoder base64 = Base64.getEncoder();
    return VmConfig.parse(
        "{\"os_image_hash\":\""
            + hash
            + "\",\"aws_measurement\":{\"checksum_file\":\""
            + base64.encodeToString(sums.toArray())
            + "\",\"measurement\":\""
            + base64.encodeToString(measurement.toArray())
            + "\"}}");
  }

  @Test
  void theImageRuleTakesTheListedRegisters() {
    NitroTpmImageRule.require(good(), config());
  }

  @Test
  void theImageRuleNeedsTheMaterial() {
    assertThat(Refusals.of(() -> NitroTpmImageRule.require(good(), VmConfig.parse(CONFIG))))
        .hasMessage("vm_config.aws_measurement is required on AWS NitroTPM");
  }

  @Test
  void theImageRuleRefusesMaterialOfAnotherImage() {
    Bytes good = measurement(new CborValue.Raw(Bytes.fromHex(BOOT_DIGEST)));
    Bytes sums = Bytes.utf8(Digests.sha256(good) + "  measurement.aws.cbor\n");
    Bytes gcp = Bytes.utf8(Digests.sha256(good) + "  measurement.gcp.cbor\n");
    Bytes wrong = Bytes.utf8("ab".repeat(32) + "  measurement.aws.cbor\n");
    for (VmConfig config :
        List.of(
            config(sums, good, Bytes.fromHex(IMAGE)),
            config(gcp, good, Digests.sha256(gcp)),
            config(wrong, good, Digests.sha256(wrong)))) {
      assertThat(Refusals.of(() -> NitroTpmImageRule.require(good(), config)).text())
          .startsWith("aws measurement material does not match os_image_hash: ");
    }
  }

  @Test
  void theImageRuleRefusesOtherDocuments() {
    for (Bytes measurement :
        List.of(
            Bytes.EMPTY,
            Bytes.fromHex("a0"),
            Bytes.utf8(BOOT_DIGEST),
            measurement(new CborValue.Text(BOOT_DIGEST)),
            measurement(new CborValue.Raw(Bytes.zeros(31))),
            measurement(new CborValue.Raw(Bytes.zeros(48))),
            Bytes.concat(
                measurement(new CborValue.Raw(Bytes.fromHex(BOOT_DIGEST))), Bytes.zeros(1)))) {
      assertThat(Refusals.of(() -> NitroTpmImageRule.require(good(), config(measurement))).text())
          .startsWith("failed to decode vm_config.aws_measurement: ");
    }
  }

  @Test
  void theImageRuleRefusesOtherRegisters() {
    String other = "ab".repeat(32);
    assertThat(
            Refusals.of(
                () ->
                    NitroTpmImageRule.require(
                        good(), config(measurement(new CborValue.Raw(Bytes.fromHex(other)))))))
        .hasMessage("AWS boot_pcr_digest mismatch: expected=" + other + ", quoted=" + BOOT_DIGEST);
  }
}
