package dstack.kms.attest.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.RuntimeEvent;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.eventlog.TdxEvent;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.scale.ScaleWriter;
import dstack.kms.testkit.Vectors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The container V0 of specification 10 §2 and its real samples. */
class ScaleContainerTest {
  private static final String CONTEXT = "Failed to decode legacy VersionedAttestation";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tdx/dstack_attestation_v0.bin",
        "tdx/dstack_attestation_v0.stripped-legacy.bin",
        "tdx/dstack_attestation_v0.stripped-current.bin",
        "tdx/dstack_attestation_v0_gcp.bin",
        "platforms/nitro/dstack_v0_prod.bin",
        "platforms/snp/sev_snp_attestation.bin",
        "platforms/gcp-tdx-composed/attestation_current.bin",
        "platforms/gcp-tdx-composed/attestation_legacy.bin",
      })
  void writesRealAttestationsByteForByteAsTheyWereRead(String name) {
    Bytes bytes = Containers.vector(name);
    UnverifiedAttestation attestation = UnverifiedAttestation.decode(bytes);
    assertThat(attestation.container()).isEqualTo(ContainerVersion.V0);
    assertThat(attestation.encode()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "tdx/dstack_attestation_v0.bin, dstack-tdx",
    "tdx/dstack_attestation_v0_gcp.bin, dstack-gcp-tdx",
    "platforms/nitro/dstack_v0_prod.bin, dstack-nitro-enclave",
    "platforms/snp/sev_snp_attestation.bin, dstack-amd-sev-snp",
  })
  void namesThePlatform(String name, String variant) {
    UnverifiedAttestation attestation = UnverifiedAttestation.decode(Containers.vector(name));
    assertThat(attestation.evidence().variant().wireName()).isEqualTo(variant);
  }

  @Test
  void readsWhatAnIndependentDecoderRead() {
    JsonNode expected = Vectors.json("tdx/dstack_attestation_v0.decoded.json");
    UnverifiedAttestation attestation = Containers.dstack();
    TdxEvidence evidence = (TdxEvidence) attestation.evidence();
    assertThat(evidence.quote().length()).isEqualTo(expected.get("quote_len").intValue());
    assertThat(evidence.eventLog()).hasSize(33);
    for (int i = 0; i < 33; i++) {
      JsonNode event = expected.get("event_log").get(i);
      assertThat(evidence.eventLog().get(i))
          .isEqualTo(
              TdxEvent.v1(
                  event.get("imr").longValue(),
                  event.get("event_type").longValue(),
                  Bytes.fromHex(event.get("digest").stringValue()),
                  event.get("event").stringValue(),
                  Bytes.fromHex(event.get("event_payload").stringValue())));
    }
    assertThat(attestation.config()).isEqualTo(expected.get("config").stringValue());
    assertThat(attestation.reportData().value().hex())
        .isEqualTo(expected.get("report_data").stringValue());
    assertThat(attestation.runtimeEvents().events()).hasSize(9);
    assertThat(attestation.reportDataPayload()).isEmpty();
  }

  @Test
  void stripsByTheRuleOfCurrent() {
    Bytes stripped = Containers.dstack().stripped().encode();
    assertThat(stripped)
        .isEqualTo(Containers.vector("tdx/dstack_attestation_v0.stripped-current.bin"));
    assertThat(stripped.length()).isEqualTo(6788);
    assertThat(Digests.sha256(stripped).hex())
        .isEqualTo("6207223948177684ce20bd1835f63b08fb8688a4168cd2587dae64b3e21c7c82");
  }

  @Test
  void stripsGcpToTheEventsOfTheRuntimeRegister() {
    UnverifiedAttestation dstack = Containers.dstack();
    TdxEvidence tdx = (TdxEvidence) dstack.evidence();
    TpmQuote tpm = ((GcpTdxEvidence) Containers.everyPlatform().get(1)).tpmQuote();
    GcpTdxEvidence gcp = new GcpTdxEvidence(tdx.quote(), tdx.eventLog(), tpm);
    TdxEvidence expected =
        (TdxEvidence)
            UnverifiedAttestation.decode(
                    Containers.vector("tdx/dstack_attestation_v0.stripped-legacy.bin"))
                .evidence();
    assertThat(gcp.stripped().eventLog()).isEqualTo(expected.eventLog());
    assertThat(gcp.stripped().tpmQuote()).isEqualTo(tpm);
  }

  @Test
  void theRuleOfPinnedHasTheStatedHash() {
    assertThat(
            Digests.sha256(Containers.vector("tdx/dstack_attestation_v0.stripped-legacy.bin"))
                .hex())
        .isEqualTo("371b3d850403dabd1633891e8d132d41e8ee5fb3ebbc875429b4a18fc8a691df");
  }

  @Test
  void strippingTwiceIsStrippingOnceAndLeavesOtherPlatformsAlone() {
    UnverifiedAttestation once = Containers.dstack().stripped();
    assertThat(once.stripped()).isEqualTo(once);
    for (Evidence evidence : Containers.everyPlatform().subList(2, 5)) {
      assertThat(evidence.stripped()).isEqualTo(evidence);
    }
  }

  @ParameterizedTest
  @MethodSource("dstack.kms.attest.evidence.Containers#everyPlatform")
  void readsBackEveryPlatform(Evidence evidence) {
    UnverifiedAttestation attestation = Containers.v0(evidence);
    assertThat(UnverifiedAttestation.decode(attestation.encode())).isEqualTo(attestation);
  }

  @Test
  void readsTheUpstreamExampleOfARequest() {
    String hex = "0000" + "00" + "00" + "00" + "00".repeat(64) + "00";
    UnverifiedAttestation attestation = UnverifiedAttestation.decode(Bytes.fromHex(hex));
    assertThat(attestation.evidence()).isEqualTo(new TdxEvidence(Bytes.EMPTY, List.of()));
    assertThat(attestation.encode().hex()).isEqualTo(hex);
  }

  @Test
  void refusesEveryTruncation() {
    Bytes bytes = Containers.vector("tdx/dstack_attestation_v0.stripped-current.bin");
    for (int length = 1; length < bytes.length(); length++) {
      Bytes cut = bytes.slice(0, length);
      assertThatThrownBy(() -> UnverifiedAttestation.decode(cut))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith(CONTEXT + ": ");
    }
  }

  @Test
  void refusesTrailingBytes() {
    Bytes bytes = Bytes.concat(Containers.vector("tdx/dstack_attestation_v0.bin"), Bytes.zeros(3));
    assertThatThrownBy(() -> UnverifiedAttestation.decode(bytes))
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> assertThat(e.code()).isEqualTo(EvidenceRefusal.ATTESTATION_TRAILING_BYTES))
        .hasMessage("Trailing bytes after legacy VersionedAttestation: 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0005", // a platform that does not exist
        "00ff",
        "000003ffffffff", // T-11: a quote of 2^32 - 1 bytes
        "0000" + "00" + "03ffffffff", // T-11: so many events
        "0000" + "0100" + "00", // a length not in its shortest form
        "0000" + "00" + "00" + "03ffffffff",
        "0002" + "13ffffffffffffffff",
        "0003" + "00" + "03ffffffff",
        "0001" + "00" + "00" + "00" + "00" + "03ffffffff",
        "0001" + "00" + "00" + "00" + "00" + "00" + "00" + "04" + "00", // TPM platform 4
      })
  void t11_refusesImpossibleLengthsAndVariantsWithoutAllocating(String hex) {
    assertThatThrownBy(() -> UnverifiedAttestation.decode(Bytes.fromHex(hex + "00".repeat(80))))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(CONTEXT + ": ");
  }

  @Test
  void refusesMoreEventsThanTheLimitAndTooLongNames() {
    assertThat(UnverifiedAttestation.decode(withEvents(4096, "e")).runtimeEvents().events())
        .hasSize(4096);
    assertRefused(withEvents(4097, "e"));
    assertThat(
            UnverifiedAttestation.decode(withEvents(1, "é".repeat(512)))
                .runtimeEvents()
                .events()
                .getFirst()
                .name())
        .hasSize(512);
    assertRefused(withEvents(1, "é".repeat(512) + "e"));
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    String head = "0000" + "00" + "00" + "00" + "00".repeat(64);
    for (String config : List.of("04ff", "08c328", "0ceda080", "08c080")) {
      assertRefused(Bytes.fromHex(head + config));
    }
  }

  private static Bytes withEvents(int count, String name) {
    ScaleWriter out = new ScaleWriter();
    out.writeU8(0).writeU8(0).writeBytes(Bytes.EMPTY).writeLength(0).writeLength(count);
    for (int i = 0; i < count; i++) {
      out.writeString(name).writeBytes(Bytes.EMPTY);
    }
    return out.writeFixed(Bytes.zeros(64)).writeString("").toBytes();
  }

  private static void assertRefused(Bytes bytes) {
    assertThatThrownBy(() -> UnverifiedAttestation.decode(bytes))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void cannotHoldWhatTheLayoutHasNoPlaceFor() {
    Evidence evidence = Containers.everyPlatform().getFirst();
    RuntimeEvents version2 = new RuntimeEvents(List.of(Containers.VERSION_2));
    RuntimeEvents version1 = new RuntimeEvents(List.of(RuntimeEvent.v1("a", Bytes.EMPTY)));
    assertThatThrownBy(() -> v0(evidence, 64, version2, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> v0(evidence, 63, version1, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> v0(evidence, 64, version1, Optional.of("{}")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static UnverifiedAttestation v0(
      Evidence evidence, int reportData, RuntimeEvents events, Optional<String> payload) {
    return new UnverifiedAttestation(
        ContainerVersion.V0, evidence, Bytes.zeros(reportData), events, "", payload);
  }
}
