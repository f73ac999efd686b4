package dstack.kms.attest.gcp;

import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.TpmPlatform;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The real and the composed evidence of Google Cloud. */
final class GcpData {
  static final UnverifiedAttestation COMPOSED = composed("attestation_current.bin");
  static final UnverifiedAttestation LEGACY = composed("attestation_legacy.bin");
  static final JsonNode EXPECTED = Vectors.json("platforms/gcp-tdx-composed/expected.json");
  static final UnverifiedAttestation REAL =
      AttestationFile.parse(Bytes.of(Vectors.bytes("tdx/dstack_attestation_v0_gcp.bin")));

  private GcpData() {}

  static UnverifiedAttestation composed(String name) {
    return AttestationFile.parse(Bytes.of(Vectors.bytes("platforms/gcp-tdx-composed/" + name)));
  }

  static GcpTdxEvidence evidence(UnverifiedAttestation attestation) {
    return (GcpTdxEvidence) attestation.evidence();
  }

  static TpmQuote quote(UnverifiedAttestation attestation) {
    return evidence(attestation).tpmQuote();
  }

  static String expected(String name) {
    return EXPECTED.get(name).stringValue();
  }

  /** The real quote of an RSA key over all 24 registers. */
  static TpmQuote rsaQuote() {
    JsonNode json = Vectors.json("platforms/tpm/gce_rsa_quote_no_nonce.json");
    List<PcrValue> values = new ArrayList<>();
    for (JsonNode pcr : json.get("pcr_values")) {
      values.add(
          new PcrValue(
              pcr.get("index").intValue(),
              pcr.get("algorithm").stringValue(),
              Bytes.fromHex(pcr.get("value").stringValue())));
    }
    List<TpmEvent> events = new ArrayList<>();
    for (JsonNode event : json.get("event_log")) {
      events.add(
          new TpmEvent(
              event.get("pcr_index").intValue(), Bytes.fromHex(event.get("digest").stringValue())));
    }
    return new TpmQuote(
        Bytes.fromHex(json.get("message").stringValue()),
        Bytes.fromHex(json.get("signature").stringValue()),
        values,
        Bytes.fromHex(json.get("ak_cert").stringValue()),
        TpmPlatform.GCP,
        events);
  }

  static Bytes xor(Bytes bytes, int offset, int mask) {
    byte[] changed = bytes.toArray();
    changed[offset] ^= (byte) mask;
    return Bytes.of(changed);
  }
}
