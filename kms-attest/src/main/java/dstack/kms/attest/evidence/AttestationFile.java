package dstack.kms.attest.evidence;

import dstack.kms.attest.eventlog.EventLogJson;
import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;

/**
 * An attestation as people keep it in files: a container, the JSON answer of a guest agent, or the
 * bare statement of a Nitro enclave or of SEV-SNP.
 *
 * <p>JSON with a non-empty {@code attestation} holds a container in hexadecimal. Otherwise it is
 * the answer of {@code GetQuote} with {@code quote}, {@code event_log} (JSON text), {@code
 * report_data} and {@code vm_config} (specification 10 §8).
 */
public final class AttestationFile {
  private static final int OPENING_BRACE = '{';

  private AttestationFile() {}

  /** Reads any of the forms; at most 24 MiB of JSON. */
  public static UnverifiedAttestation parse(Bytes content) {
    boolean json = !content.isEmpty() && content.at(0) == OPENING_BRACE;
    if (json) {
      return parseJson(content);
    }
    return BareEvidence.read(content).orElseGet(() -> UnverifiedAttestation.decode(content));
  }

  private static UnverifiedAttestation parseJson(Bytes content) {
    if (content.length() > 24 << 20) {
      throw malformed("more than 24 MiB of JSON");
    }
    String text = content.strictUtf8Text().orElseThrow(() -> malformed("invalid UTF-8"));
    JsonObject object = StrictJson.object(text, EvidenceRefusal.ATTESTATION_MALFORMED);
    if (object.has("attestation") && !object.prefixedHex("attestation").isEmpty()) {
      return UnverifiedAttestation.decode(object.prefixedHex("attestation"));
    }
    Bytes reportData = object.prefixedHex("report_data");
    if (reportData.length() != ReportData.LENGTH) {
      throw malformed("report_data must be 64 bytes");
    }
    return LegacyPair.attestation(
        object.prefixedHex("quote"),
        EventLogJson.parse(object.text("event_log")),
        reportData,
        object.textOr("vm_config", ""));
  }

  private static RefusalException malformed(String text) {
    return new RefusalException(EvidenceRefusal.ATTESTATION_MALFORMED, text);
  }
}
