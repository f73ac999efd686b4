package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.appinfo.AppInfo;
import dstack.kms.attest.appinfo.AppInfoRefusal;
import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.eventlog.EventLogRefusal;
import dstack.kms.attest.eventlog.EventLogVersion;
import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.platform.Claims;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The formulas of specification 14 §6 with the values of the composed evidence. */
class GcpAppInfoTest {
  private static final QuotedTpm TPM = QuotedTpm.read(GcpData.quote(GcpData.COMPOSED));
  private static final Bytes PPID = Bytes.fromHex("0102");

  @Test
  void theEventsAreThoseOfTheVectors() {
    List<RuntimeEvent> events = GcpData.COMPOSED.runtimeEvents().events();
    JsonNode expected = GcpData.EXPECTED.get("runtime_events");
    assertThat(events).hasSize(expected.size());
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).name()).isEqualTo(expected.get(i).get("event").stringValue());
      assertThat(events.get(i).payload().hex())
          .isEqualTo(expected.get(i).get("payload").stringValue());
      assertThat(events.get(i).sha256().hex())
          .isEqualTo(expected.get(i).get("sha256").stringValue());
      assertThat(events.get(i).sha384().hex())
          .isEqualTo(expected.get(i).get("sha384").stringValue());
    }
    assertThat(GcpData.COMPOSED.reportData().value().hex())
        .isEqualTo(GcpData.expected("report_data"));
  }

  @Test
  void pcr14IsTheReplayOfTheWorkedEventInEitherVersion() {
    Bytes payload = Bytes.fromHex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4");
    RuntimeEvent first = RuntimeEvent.v1("app-id", payload);
    assertThat(first.sha256().hex())
        .isEqualTo("3344557525ca03a7e8c2d8793b3d9ec540e3c4573de1b5ec409ffac2ffd8e62a");
    assertThat(new RuntimeEvents(List.of(first)).replaySha256().hex())
        .isEqualTo("f0d9960cdd4db570a86410e90fd95e3ac1edb53482d5d42434dc284aeda8c2a0");
    RuntimeEvent second = new RuntimeEvent("app-id", payload, EventLogVersion.V2);
    assertThat(second.sha256().hex())
        .isEqualTo("c8a051d650c4dffb285da161b33e592deef3e58cd4fe9c834d334c0046d41825");
    assertThat(new RuntimeEvents(List.of(second)).replaySha256().hex())
        .isEqualTo("fcfa223a635b02a87cb21abbd40684dc24b1486119ada642a5e5febbe9230364");
  }

  @Test
  void hasTheRuntimeValuesOfTheVectors() {
    AppInfo current = info(GcpData.COMPOSED, "", MeasurementPoint.RUNTIME);
    assertThat(current.appId().hex()).isEqualTo(GcpData.expected("app_id"));
    assertThat(current.composeHash().hex()).isEqualTo(GcpData.expected("compose_hash"));
    assertThat(current.instanceId().hex()).isEqualTo(GcpData.expected("instance_id"));
    assertThat(current.keyProviderInfo().utf8Text())
        .isEqualTo(GcpData.expected("key_provider_info"));
    assertThat(current.osImageHash().hex()).isEqualTo(GcpData.expected("os_image_hash_current"));
    assertThat(current.mrAggregated().hex()).isEqualTo(GcpData.expected("mr_aggregated"));
    assertThat(current.mrSystem().hex()).isEqualTo(GcpData.expected("mr_system_current"));
    assertThat(current.deviceId()).isEqualTo(Digests.sha256(PPID));
    assertThat(current.initScriptHashes()).isEmpty();
    AppInfo legacy = info(GcpData.LEGACY, "", MeasurementPoint.RUNTIME);
    assertThat(legacy.osImageHash().hex()).isEqualTo(GcpData.expected("os_image_hash_legacy"));
    assertThat(legacy.mrSystem().hex()).isEqualTo(GcpData.expected("mr_system_legacy"));
    assertThat(legacy.mrAggregated().hex()).isEqualTo(GcpData.expected("mr_aggregated"));
  }

  @Test
  void hasTheBootValuesOfTheVectors() {
    AppInfo current = info(GcpData.COMPOSED, "", MeasurementPoint.BOOT);
    assertThat(current.mrAggregated().hex())
        .isEqualTo("b99f3f4f8a2191ad40935d2d0308f58b237ffd5afd17b61a62dbe21969094277");
    assertThat(current.mrSystem().hex())
        .isEqualTo("84c60149102d00bc1bb9c384b8ff3d81373171c0c2d66cf0a0b57a7bdda4f8e8");
    assertThat(current.keyProviderInfo()).isEqualTo(Bytes.EMPTY);
    assertThat(info(GcpData.LEGACY, "", MeasurementPoint.BOOT).mrSystem().hex())
        .isEqualTo("44c77cf64b25cbdc5273f59c863db64a64e1986a2e9482752dc750d6ae52f939");
  }

  @Test
  void theRequestsConfigurationWinsOverTheEmbeddedOne() {
    assertThat(
            info(GcpData.COMPOSED, GcpData.LEGACY.config(), MeasurementPoint.RUNTIME)
                .mrSystem()
                .hex())
        .isEqualTo(GcpData.expected("mr_system_legacy"));
  }

  @Test
  void refusesAConfigurationThatIsNone() {
    assertThatThrownBy(() -> info(GcpData.COMPOSED, "{", MeasurementPoint.RUNTIME))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(AppInfoRefusal.VM_CONFIG))
        .hasMessageStartingWith(
            "decode app info: Failed to decode os image hash: Failed to parse vm config: ");
  }

  @Test
  void refusesIdentityEventsOutOfSequence() {
    List<RuntimeEvent> events = new ArrayList<>(GcpData.COMPOSED.runtimeEvents().events());
    events.add(2, RuntimeEvent.v1("app-id", Bytes.zeros(20)));
    Claims claims = new Claims(GcpData.COMPOSED.reportData(), new RuntimeEvents(events), "");
    assertThatThrownBy(() -> GcpAppInfo.of(TPM, claims, PPID, "", MeasurementPoint.RUNTIME))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EventLogRefusal.EVENT_SEQUENCE))
        .hasMessage("decode app info: runtime event app-id is repeated");
  }

  private static AppInfo info(
      UnverifiedAttestation attestation, String vmConfig, MeasurementPoint point) {
    Claims claims =
        new Claims(attestation.reportData(), attestation.runtimeEvents(), attestation.config());
    return GcpAppInfo.of(TPM, claims, PPID, vmConfig, point);
  }
}
