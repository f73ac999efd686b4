package dstack.kms.attest.tpm.nsm;

import dstack.kms.attest.tpm.TpmRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is asked of the security module and what it answers (specification 15 §6). */
final class NsmMessages {
  private static final String ATTESTATION = "Attestation";

  private NsmMessages() {}

  /** The request for a document over the report data. */
  static Bytes attestationRequest(ReportData reportData) {
    Map<CborValue, CborValue> fields = new LinkedHashMap<>();
    fields.put(new CborValue.Text("user_data"), new CborValue.Raw(reportData.value()));
    fields.put(new CborValue.Text("nonce"), new CborValue.Null());
    fields.put(new CborValue.Text("public_key"), new CborValue.Null());
    return CborWriter.write(
        new CborMap(Map.of(new CborValue.Text(ATTESTATION), new CborMap(fields))));
  }

  /** The document in the answer at the beginning of the buffer. */
  static Bytes document(Bytes buffer) {
    try {
      CborMap answer = CborReader.readFirst(buffer).asMap("NSM answer");
      Optional<CborValue> error = answer.get("Error");
      if (error.isPresent()) {
        throw TpmRefusal.SECURITY_MODULE.because(
            "NitroTPM NSM error response: " + error.get().asText("NSM error"));
      }
      CborMap attestation = answer.require(ATTESTATION).asMap(ATTESTATION);
      return attestation.require("document").asBytes("document");
    } catch (RefusalException e) {
      if (e.code() == TpmRefusal.SECURITY_MODULE) {
        throw e;
      }
      throw new RefusalException(
          TpmRefusal.SECURITY_MODULE, "unexpected NitroTPM NSM response: " + e.text(), e.detail());
    }
  }
}
