package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.platform.PlatformStatus;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Enclaves: the real one with every value of the vectors' README, and forged ones. */
final class NitroEnclaveVerifierTest {
  private static final String IMAGE =
      "1894b0b29e94a9db16e88a2914f0923e52bb16c08bf3bb484df786a147e2eb79";
  private static final String CONFIG = "{\"os_image_hash\":\"" + IMAGE + "\"}";
  private static final ReportData REPORT_DATA = new ReportData(Bytes.fromHex("cd".repeat(64)));
  private static final RuntimeEvent APP_ID =
      RuntimeEvent.v1("app-id", Bytes.fromHex("33".repeat(20)));

  private static NitroEnclaveVerifier archive(Instant now) {
    return new NitroEnclaveVerifier(Verifiers.archive(now), UnmeasuredEvents.APP_ID_ONLY);
  }

  private static VerifiedNitroEnclave real() {
    return real(NitroVectors.prodClaims());
  }

  private static VerifiedNitroEnclave real(Claims claims) {
    return archive(NitroVectors.PROD_MADE)
        .verify(new NitroEnclaveEvidence(NitroVectors.prodCose()), claims);
  }

  private static VerifiedNitroEnclave forged(
      Consumer<ForgedDocument> change, RuntimeEvents events, UnmeasuredEvents rule) {
    ForgedChain chain = new ForgedChain();
    ForgedDocument document = ForgedDocument.ofEnclave(chain, REPORT_DATA.value());
    change.accept(document);
    return new NitroEnclaveVerifier(Verifiers.server(chain), rule)
        .verify(new NitroEnclaveEvidence(document.cose()), new Claims(REPORT_DATA, events, "{}"));
  }

  private static RefusalException refusal(Consumer<ForgedDocument> change) {
    return Refusals.of(() -> forged(change, RuntimeEvents.NONE, UnmeasuredEvents.APP_ID_ONLY));
  }

  @ParameterizedTest
  @EnumSource
  void describesTheProductionEnclaveAsTheVectorsSay(MeasurementPoint point) {
    VerifiedNitroEnclave enclave = real();
    AppInfo info = enclave.appInfo("", point);

    assertThat(info.osImageHash().hex()).isEqualTo(IMAGE);
    assertThat(info.composeHash().hex()).isEqualTo(IMAGE);
    assertThat(info.mrSystem().hex()).isEqualTo(IMAGE);
    assertThat(info.mrAggregated().hex()).isEqualTo(IMAGE);
    assertThat(info.appId().hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4");
    assertThat(info.deviceId().hex())
        .isEqualTo("de7d1b721a1e0632b7cf04edf5032c8ecffa9f9a08492152b926f1a5a7e765d7");
    assertThat(info.instanceId()).isEqualTo(Bytes.EMPTY);
    assertThat(info.keyProviderInfo()).isEqualTo(Bytes.EMPTY);
    assertThat(info.initScriptHashes()).isEmpty();
    assertThat(enclave.rawDeviceId()).isEqualTo(Bytes.utf8("i"));
    assertThat(enclave.instanceLabel()).isEqualTo("i-0827e799ec9232d44-enc019b5640fdf630d6");
    assertThat(enclave.status()).isEqualTo(new PlatformStatus("", List.of(), false));
    assertThat(enclave.imageHash().hex()).isEqualTo(IMAGE);
    assertThat(enclave.unchecked()).hasSize(2);
  }

  @Test
  void asksTheAuthorityAboutTheMeasuredImage() {
    BootInfo info =
        real()
            .appInfo("", MeasurementPoint.RUNTIME)
            .toBootInfo(TeeVariant.NITRO_ENCLAVE, "", List.of());

    assertThat(info.composeHash().value().hex()).isEqualTo(IMAGE);
    assertThat(info.tcbStatus()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "1894b0b29e94a9db16e88a2914f0923e52bb16c08bf3bb484df786a147e2eb78",
        "81c611f35bff79491538b2f7cf201c7597a661a5c549633541c62bdc8af1613f",
        "1894b0b29e94a9db16e88a2914f0923e52bb16c08bf3bb484df786a147e2eb",
        "00"
      })
  void t43_noRequestNamesAnotherImageThanTheMeasuredOne(String claimed) {
    String config = "{\"os_image_hash\":\"" + claimed + "\"}";
    VerifiedNitroEnclave enclave = real();
    Claims embedded =
        new Claims(
            NitroVectors.prodClaims().reportData(),
            NitroVectors.prodClaims().runtimeEvents(),
            config);

    for (MeasurementPoint point : MeasurementPoint.values()) {
      String text =
          "decode app info: os_image_hash mismatch: expected=" + claimed + ", computed=" + IMAGE;
      assertThat(Refusals.of(() -> enclave.appInfo(config, point))).hasMessage(text);
      assertThat(Refusals.of(() -> real(embedded).appInfo("", point))).hasMessage(text);
    }
    assertThat(real(embedded).appInfo(CONFIG, MeasurementPoint.RUNTIME).composeHash().hex())
        .isEqualTo(IMAGE);
  }

  @Test
  void t13_anEnclaveThatClaimsNoImageIsNeverPutBeforeAnAuthority() {
    Claims none =
        new Claims(
            NitroVectors.prodClaims().reportData(), NitroVectors.prodClaims().runtimeEvents(), "");
    AppInfo info = real(none).appInfo("", MeasurementPoint.RUNTIME);

    assertThat(info.composeHash()).isEqualTo(Bytes.EMPTY);
    assertThat(info.osImageHash()).isEqualTo(Bytes.EMPTY);
    assertThat(info.mrSystem().hex()).isEqualTo(IMAGE);
    assertThat(Refusals.of(() -> info.toBootInfo(TeeVariant.NITRO_ENCLAVE, "", List.of())).text())
        .contains("compose_hash");
    assertThat(Refusals.of(() -> NitroImageRule.require(real(none), VmConfig.parse("{}"))))
        .hasMessage("os_image_hash mismatch: expected=, computed=" + IMAGE);
  }

  @Test
  void refusesAConfigurationThatIsNone() {
    assertThat(Refusals.of(() -> real().appInfo("{", MeasurementPoint.RUNTIME)).text())
        .startsWith("decode app info: Failed to decode os image hash: Failed to parse vm config");
  }

  @Test
  void theImageRuleComparesTheClaimWithTheRegisters() {
    NitroImageRule.require(real(), VmConfig.parse(CONFIG));
    String other = "ab".repeat(32);
    assertThat(
            Refusals.of(
                () ->
                    NitroImageRule.require(
                        real(), VmConfig.parse("{\"os_image_hash\":\"" + other + "\"}"))))
        .hasMessage("os_image_hash mismatch: expected=" + other + ", computed=" + IMAGE);
  }

  @Test
  void t22_refusesTheRealDebugEnclavesThoughTheirSignaturesHold() {
    Claims claims = new Claims(REPORT_DATA, RuntimeEvents.NONE, "{}");

    assertThat(
            Refusals.of(
                () ->
                    archive(NitroVectors.DEBUG_2022_MADE)
                        .verify(new NitroEnclaveEvidence(NitroVectors.debug2022()), claims)))
        .hasMessage("nitro enclave is in debug mode (PCR0/1/2 are zeroed); refusing to verify");
    assertThat(
            Refusals.of(
                () ->
                    archive(NitroVectors.VALID_2023_MADE)
                        .verify(new NitroEnclaveEvidence(NitroVectors.valid2023()), claims)))
        .hasMessage("nitro enclave is in debug mode (PCR0/1/2 are zeroed); refusing to verify");
  }

  @Test
  void t22_refusesADebugEnclaveThatIsBoundToTheRightKey() {
    assertThat(
            refusal(
                d -> {
                  for (int i = 0; i < 3; i++) {
                    d.registers.put(i, Bytes.zeros(48));
                  }
                }))
        .hasMessage("nitro enclave is in debug mode (PCR0/1/2 are zeroed); refusing to verify");
    assertThat(refusal(d -> d.registers.put(0, Bytes.zeros(48))))
        .hasMessage("nitro enclave is in debug mode (PCR0 is zeroed); refusing to verify");
  }

  @Test
  void refusesDocumentsThatAreBoundToSomethingElse() {
    assertThat(refusal(d -> d.without("user_data")))
        .hasMessage("NSM attestation document does not contain user_data");
    for (Bytes other :
        List.of(
            Bytes.EMPTY,
            REPORT_DATA.value().slice(0, 63),
            Bytes.concat(REPORT_DATA.value(), Bytes.zeros(1)),
            Bytes.zeros(64))) {
      assertThat(refusal(d -> d.field("user_data", new dstack.kms.core.cbor.CborValue.Raw(other))))
          .hasMessage("NSM user_data does not match report_data");
    }
  }

  @Test
  void t43_everyBitOfTheReportDataCounts() {
    Claims claims = NitroVectors.prodClaims();
    VerifiedDocument document =
        Verifiers.archive(NitroVectors.PROD_MADE)
            .verify(NitroVectors.prodCose(), ModuleKind.ENCLAVE);
    UserData.require(document, claims.reportData(), "NSM");
    for (int i = 0; i < 64 * 8; i++) {
      byte[] changed = claims.reportData().value().toArray();
      changed[i / 8] ^= (byte) (1 << i % 8);
      ReportData other = new ReportData(Bytes.of(changed));
      assertThat(Refusals.of(() -> UserData.require(document, other, "NSM")).code())
          .isEqualTo(NitroRefusal.REPORT_DATA);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void refusesAMissingRegister(int index) {
    assertThat(refusal(d -> d.registers.remove(index)))
        .hasMessage("verified NSM report missing PCR0/1/2: PCR " + index + " not found");
  }

  @Test
  void t43_eachOfTheThreeRegistersIsInTheHash() {
    Bytes hash = forged(d -> {}, RuntimeEvents.NONE, UnmeasuredEvents.APP_ID_ONLY).imageHash();
    // SHA-256 of the three SHA-384 of "enclave 0" to "enclave 2", by an independent program.
    assertThat(hash.hex())
        .isEqualTo("f5a994128607b1e364a101f4460a767a4a8f3ae2881405e9d322e0856e91da4c");
    for (int i = 0; i < 3; i++) {
      int index = i;
      Bytes changed = ForgedDocument.register("other");
      assertThat(
              forged(
                      d -> d.registers.put(index, changed),
                      RuntimeEvents.NONE,
                      UnmeasuredEvents.APP_ID_ONLY)
                  .imageHash())
          .isNotEqualTo(hash);
    }
  }

  @Test
  void believesNothingButOneAppIdUnmeasured() {
    RuntimeEvents instance =
        new RuntimeEvents(
            List.of(APP_ID, RuntimeEvent.v1("instance-id", Bytes.fromHex("44".repeat(20)))));
    RuntimeEvents two = new RuntimeEvents(List.of(APP_ID, APP_ID));

    assertThat(Refusals.of(() -> forged(d -> {}, instance, UnmeasuredEvents.APP_ID_ONLY)).code())
        .isEqualTo(NitroRefusal.UNMEASURED_EVENTS);
    assertThat(Refusals.of(() -> forged(d -> {}, two, UnmeasuredEvents.APP_ID_ONLY)).code())
        .isEqualTo(NitroRefusal.UNMEASURED_EVENTS);
    assertThat(Refusals.of(() -> forged(d -> {}, two, UnmeasuredEvents.IDENTITY)).code())
        .isEqualTo(NitroRefusal.UNMEASURED_EVENTS);
  }

  @Test
  void describesTheOriginalsIdentityWhereThatIsAllowed() {
    Bytes provider = Bytes.utf8("{\"name\":\"kms\",\"id\":\"00\"}");
    RuntimeEvents events =
        new RuntimeEvents(
            List.of(
                APP_ID,
                RuntimeEvent.v1("instance-id", Bytes.fromHex("44".repeat(20))),
                RuntimeEvent.v1("key-provider", provider)));
    VerifiedNitroEnclave enclave = forged(d -> {}, events, UnmeasuredEvents.IDENTITY);

    AppInfo runtime = enclave.appInfo("", MeasurementPoint.RUNTIME);
    AppInfo boot = enclave.appInfo("", MeasurementPoint.BOOT);
    assertThat(runtime.instanceId().hex()).isEqualTo("44".repeat(20));
    assertThat(runtime.keyProviderInfo()).isEqualTo(provider);
    assertThat(boot.keyProviderInfo()).isEqualTo(Bytes.EMPTY);
    assertThat(boot.mrSystem()).isEqualTo(runtime.mrSystem());
  }

  @Test
  void t05_noVendorsWordStandsBehindAnEnclavesStatus() {
    PlatformStatus status =
        forged(d -> {}, RuntimeEvents.NONE, UnmeasuredEvents.APP_ID_ONLY).status();

    assertThat(status.tcbStatus()).isEmpty();
    assertThat(status.assessed()).isFalse();
  }

  @Test
  void aModuleWithoutAHyphenHasNoDeviceId() {
    VerifiedNitroEnclave enclave =
        forged(
            d -> d.field("module_id", new dstack.kms.core.cbor.CborValue.Text("module")),
            RuntimeEvents.NONE,
            UnmeasuredEvents.APP_ID_ONLY);

    assertThat(enclave.rawDeviceId()).isEqualTo(Bytes.EMPTY);
    assertThat(enclave.appInfo("", MeasurementPoint.RUNTIME).deviceId())
        .isEqualTo(Digests.sha256(Bytes.EMPTY));
  }

  @Test
  void everyRefusalOfTheDocumentStandsInItsContext() {
    assertThat(refusal(d -> d.signature = Optional.of(Bytes.zeros(96))).text())
        .startsWith("NSM attestation verification failed: COSE signature verification failed: ");
    assertThat(refusal(d -> d.payload = Optional.of(Bytes.EMPTY)).text())
        .startsWith("NSM attestation verification failed: Failed to parse attestation document: ");
  }
}
