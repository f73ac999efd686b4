package dstack.kms.attest.appinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.quote.TdReport;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bootinfo.TeeVariant;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The formulas of specification 12 §7 against its worked vectors. */
class AppInfoTest {
  private static final UnverifiedAttestation DSTACK = attestation("tdx/dstack_attestation_v0.bin");

  @ParameterizedTest
  @CsvSource({
    "tdx/dstack_attestation_v0.bin, BOOT,"
        + " ef6af583432288c877e412740aa7d8a844a18920ad98e9b1d95d42a07a3044c8,"
        + " 787f9fe525fcb61e81f31a30225a86674412088f2f1b683a421a7e9cbcd40551",
    "tdx/dstack_attestation_v0.bin, RUNTIME,"
        + " 51ea38f8eee6dc72dbae9b74531ae6d6204295d265dabb4e6c34621a2a1a1197,"
        + " 85334a62c97d0f8bf82d0245d31b539d17a2d7c258e2a13efc928aaea0e107cb",
    "tdx/dstack_quote_report.json, BOOT,"
        + " 3d124836c59609fdfdb93185f7d251268d7da9b3f95e9a43cee5c4edc10a5b5f,"
        + " f9a9159f75a175a0a65052b78f764a312456db56f5c397c600d08445ab68937b",
    "tdx/dstack_quote_report.json, RUNTIME,"
        + " e1ae776a1492d4f87937b7e563d265c16300be4aba5d748207587023bb7dbb75,"
        + " 233c659f83048505bb1ef7f105245aa80f5d04e3d096c329da272d7ee13fbf38",
    "platforms/os-image/tdx-lite-getquote.json, BOOT,"
        + " 37a91fd6aac229d83a1850be9bf017455d1cf4815e8fcb77332119de7e1a52f7,"
        + " f4e6117e0fdea4b23b5f32a2a59e7b7b99b64df237a9536fb2cb5ca2a270145e",
    "platforms/os-image/tdx-lite-attestation.json, RUNTIME,"
        + " 118f754a080ecb8527df65656ee4e7e97b891cf488ad6a38886ff0dbca0c8f70,"
        + " c758fa624b62536ca77504c4c52745e70880220a178a615a859c52f8b101d2ee",
  })
  void computesTheMeasurementsOfRealGuests(
      String name, MeasurementPoint point, String mrSystem, String mrAggregated) {
    AppInfo info = verifiedForm(attestation(name), "", point);
    assertThat(info.mrSystem().hex()).isEqualTo(mrSystem);
    assertThat(info.mrAggregated().hex()).isEqualTo(mrAggregated);
  }

  @Test
  void takesTheIdentitiesFromTheEvents() {
    AppInfo info = verifiedForm(DSTACK, "", MeasurementPoint.RUNTIME);
    assertThat(info.appId().hex()).isEqualTo("5bb4ff9a3837357f19dc176407a5709c62eb6c56");
    assertThat(info.instanceId().hex()).isEqualTo("1691ed1b47506cad7d08834668691d88246f5b1f");
    assertThat(info.composeHash().hex())
        .isEqualTo("c143116fef3940e7f776bfc0919c256232ae5338a6e948c96b711e0b2383483a");
    assertThat(Digests.sha256(info.keyProviderInfo()).hex())
        .isEqualTo("f1fe118a703e9896aabc3f69e449a06061c577dd31021f1f7c2c441caee9c2e1");
    assertThat(info.initScriptHashes()).isEmpty();
    assertThat(info.deviceId()).isEqualTo(Digests.sha256(Bytes.fromHex("0102")));
  }

  @Test
  void leavesTheKeyProviderOutAtTheBootPointAndChangesNoName() {
    AppInfo boot = verifiedForm(DSTACK, "", MeasurementPoint.BOOT);
    AppInfo runtime = verifiedForm(DSTACK, "", MeasurementPoint.RUNTIME);
    assertThat(boot.keyProviderInfo()).isEqualTo(Bytes.EMPTY);
    assertThat(boot.appId()).isEqualTo(runtime.appId());
    assertThat(boot.instanceId()).isEqualTo(runtime.instanceId());
    assertThat(boot.composeHash()).isEqualTo(runtime.composeHash());
  }

  @Test
  void doesNotUnwrapAWholeSystemConfigurationOnTheVerifiedPath() {
    assertThat(verifiedForm(DSTACK, "", MeasurementPoint.RUNTIME).osImageHash())
        .isEqualTo(Bytes.EMPTY);
    assertThat(UnverifiedAppInfo.of(DSTACK, MeasurementPoint.RUNTIME).osImageHash().hex())
        .isEqualTo("e61be43dd1cc6a6f5edefd7c51b608983780839b0000ce60dd99737dcffe09b9");
  }

  @Test
  void prefersTheConfigurationOfTheRequest() {
    String external = "{\"os_image_hash\":\"" + "ab".repeat(32) + "\"}";
    assertThat(verifiedForm(DSTACK, external, MeasurementPoint.RUNTIME).osImageHash().hex())
        .isEqualTo("ab".repeat(32));
  }

  @Test
  void givesAnUnverifiedAttestationTheDeviceIdOfNoDevice() {
    AppInfo claimed = UnverifiedAppInfo.of(DSTACK, MeasurementPoint.RUNTIME);
    assertThat(claimed.deviceId().hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(claimed.mrAggregated().hex())
        .isEqualTo("85334a62c97d0f8bf82d0245d31b539d17a2d7c258e2a13efc928aaea0e107cb");
  }

  @Test
  void listsInitScriptHashesInOrder() {
    List<RuntimeEvent> events = new ArrayList<>(DSTACK.runtimeEvents().events());
    events.add(1, RuntimeEvent.v1("init-script-hash", Bytes.fromHex("02")));
    events.add(1, RuntimeEvent.v1("init-script-hash", Bytes.fromHex("01")));
    AppInfo info = of(new RuntimeEvents(events), "");
    assertThat(info.initScriptHashes()).containsExactly(Bytes.fromHex("01"), Bytes.fromHex("02"));
  }

  @Test
  void refusesABrokenConfigurationWithTheWholeChain() {
    assertThatThrownBy(() -> verifiedForm(DSTACK, "[]", MeasurementPoint.BOOT))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(
            "decode app info: Failed to decode os image hash: Failed to parse vm config: ");
  }

  @Test
  void refusesIdentityEventsOutOfSequence() {
    List<RuntimeEvent> events = new ArrayList<>(DSTACK.runtimeEvents().events());
    events.add(2, RuntimeEvent.v1("app-id", Bytes.zeros(20)));
    assertThatThrownBy(() -> of(new RuntimeEvents(events), ""))
        .hasMessage("decode app info: runtime event app-id is repeated");
  }

  @Test
  void refusesToGuessAboutOtherPlatforms() {
    assertThatThrownBy(
            () ->
                UnverifiedAppInfo.of(
                    attestation("platforms/nitro/dstack_v0_prod.bin"), MeasurementPoint.BOOT))
        .hasMessage("app info of dstack-nitro-enclave is not supported");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 19, 21, 31, 32, 33})
  void t12_t13_refusesAppIdsOfAnyOtherLength(int length) {
    assertRefused(info(length, 32, 20, 0), "app_id must be 20 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 19, 20, 31, 33, 64})
  void t13_refusesComposeHashesOfAnyOtherLength(int length) {
    assertRefused(info(20, length, 20, 0), "compose_hash must be 32 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 19, 21, 32})
  void t13_refusesInstanceIdsOfAnyOtherLength(int length) {
    assertRefused(info(20, 32, length, 0), "instance_id must be 20 bytes or empty");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 31, 33, 64})
  void t13_refusesOsImageHashesOfAnyOtherLength(int length) {
    assertRefused(info(20, 32, 0, length), "os_image_hash must be 32 bytes or empty");
  }

  @Test
  void acceptsAnAbsentInstanceIdAndImageHash() {
    assertThat(info(20, 32, 0, 0).toBootInfo(TeeVariant.TDX, "UpToDate", List.of()).instanceId())
        .asString()
        .isEmpty();
    assertThat(info(20, 32, 20, 32).toBootInfo(TeeVariant.TDX, "", List.of("X")).advisoryIds())
        .containsExactly("X");
  }

  private static void assertRefused(AppInfo info, String text) {
    assertThatThrownBy(() -> info.toBootInfo(TeeVariant.TDX, "UpToDate", List.of()))
        .isInstanceOf(RefusalException.class)
        .hasMessage(text);
  }

  private static AppInfo info(int appId, int composeHash, int instanceId, int osImageHash) {
    Bytes hash = Bytes.zeros(32);
    return new AppInfo(
        Bytes.zeros(appId),
        Bytes.zeros(composeHash),
        Bytes.zeros(instanceId),
        hash,
        hash,
        hash,
        Bytes.zeros(osImageHash),
        Bytes.EMPTY,
        List.of());
  }

  private static AppInfo of(RuntimeEvents events, String vmConfig) {
    return TdxAppInfo.of(
        report(DSTACK), events, Bytes.EMPTY, vmConfig, "", MeasurementPoint.RUNTIME);
  }

  private static AppInfo verifiedForm(
      UnverifiedAttestation attestation, String vmConfig, MeasurementPoint point) {
    return TdxAppInfo.of(
        report(attestation),
        attestation.runtimeEvents(),
        Bytes.fromHex("0102"),
        vmConfig,
        attestation.config(),
        point);
  }

  private static TdReport report(UnverifiedAttestation attestation) {
    TdxEvidence evidence = (TdxEvidence) attestation.evidence();
    return (TdReport) UnverifiedQuote.parse(evidence.quote()).report();
  }

  private static UnverifiedAttestation attestation(String name) {
    return AttestationFile.parse(Bytes.of(Vectors.bytes(name)));
  }
}
