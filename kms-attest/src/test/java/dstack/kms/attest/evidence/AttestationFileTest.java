package dstack.kms.attest.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attestations in files: containers and answers of a guest agent. */
class AttestationFileTest {
  @Test
  void readsContainers() {
    for (String name :
        new String[] {"dstack_attestation_v0.bin", "dstack_attestation_v1.msgpack"}) {
      Bytes bytes = Containers.vector("tdx/" + name);
      assertThat(AttestationFile.parse(bytes)).isEqualTo(UnverifiedAttestation.decode(bytes));
    }
  }

  @Test
  void readsTheAnswerOfGetQuote() {
    UnverifiedAttestation attestation =
        AttestationFile.parse(Containers.vector("tdx/dstack_quote_report.json"));
    assertThat(attestation.reportData().value().hex()).isEqualTo("1234" + "00".repeat(62));
    assertThat(attestation.config()).startsWith("{\"spec_version\": 1");
    assertThat(attestation.runtimeEvents().payloadOf("app-id").hex())
        .isEqualTo("3763bc34552cf3a27ff71ad5f7a90471562a1a2d");
  }

  @Test
  void readsAContainerInHexadecimal() {
    UnverifiedAttestation attestation =
        AttestationFile.parse(Containers.vector("platforms/os-image/tdx-lite-attestation.json"));
    assertThat(attestation.runtimeEvents().payloadOf("app-id").hex())
        .isEqualTo("86b0e55f2fa8e4fb69d890f14f54d5612707646e");
  }

  @Test
  void takesPrefixedHexAndAMissingConfiguration() {
    Bytes answer =
        Bytes.utf8(
            "{\"quote\":\"0x01\",\"event_log\":\"[]\",\"attestation\":\"\",\"report_data\":\"0x"
                + "00".repeat(64)
                + "\"}");
    UnverifiedAttestation attestation = AttestationFile.parse(answer);
    assertThat(attestation.evidence().stripped())
        .isEqualTo(new TdxEvidence(Bytes.fromHex("01"), java.util.List.of()));
    assertThat(attestation.config()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{}",
        "{} ",
        "{\"quote\":\"\"}",
        "{\"quote\":\"\",\"event_log\":\"[]\",\"report_data\":\"00\"}",
        "{\"quote\":\"\",\"event_log\":[],\"report_data\":\"00\"}",
        "{\"attestation\":\"zz\"}",
        "{\"attestation\":\"ff\"}",
        "{\"attestation\":null}",
        " {}",
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> AttestationFile.parse(Bytes.utf8(text)))
        .isInstanceOf(RefusalException.class);
  }
}
