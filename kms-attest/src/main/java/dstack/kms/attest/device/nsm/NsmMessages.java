package dstack.kms.attest.device.nsm;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests and responses of a Nitro security module: CBOR, each a text or a map of one entry whose
 * key names the operation (specification 15 §6). A TPM of an EC2 instance takes the same.
 */
public final class NsmMessages {
  private static final CborValue NULL = new CborValue.Null();

  private NsmMessages() {}

  /** Asks for a document over the report data as user data, without nonce and public key. */
  public static Bytes attestationRequest(ReportData reportData) {
    Map<CborValue, CborValue> fields = new LinkedHashMap<>();
    fields.put(text("user_data"), new CborValue.Raw(reportData.value()));
    fields.put(text("nonce"), NULL);
    fields.put(text("public_key"), NULL);
    return CborWriter.write(new CborMap(Map.of(text("Attestation"), new CborMap(fields))));
  }

  /** Asks for random bytes. */
  static Bytes randomRequest() {
    return CborWriter.write(text("GetRandom"));
  }

  /** Asks what the module is. */
  static Bytes describeRequest() {
    return CborWriter.write(text("DescribeNSM"));
  }

  /** The document in the response to an attestation request; unchecked. */
  public static Bytes document(Bytes response) {
    return nonEmpty("document", answer("Attestation", "document", response));
  }

  /** The random bytes in the response. */
  static Bytes random(Bytes response) {
    return nonEmpty("random", answer("GetRandom", "random", response));
  }

  /** The module's description of itself. */
  static NsmDescription description(Bytes response) {
    try {
      CborMap map = operation("DescribeNSM", response);
      List<Long> locked =
          map.require("locked_pcrs").asArray("locked_pcrs").stream()
              .map(item -> item.asInteger("a locked PCR"))
              .toList();
      return new NsmDescription(
          map.require("version_major").asInteger("version_major"),
          map.require("version_minor").asInteger("version_minor"),
          map.require("version_patch").asInteger("version_patch"),
          map.require("module_id").asText("module_id"),
          map.require("max_pcrs").asInteger("max_pcrs"),
          locked,
          map.require("digest").asText("digest"));
    } catch (RefusalException e) {
      throw refused(e);
    }
  }

  private static Bytes answer(String operation, String field, Bytes response) {
    try {
      return operation(operation, response).require(field).asBytes(field);
    } catch (RefusalException e) {
      throw refused(e);
    }
  }

  private static CborMap operation(String operation, Bytes response) {
    CborMap map = CborReader.readAll(response).asMap("the answer");
    if (map.get("Error").isPresent()) {
      String error = map.require("Error").asText("the error");
      throw DeviceRefusal.NSM_FAILURE.because(operation + " refused: " + error);
    }
    if (map.entries().size() != 1) {
      throw DeviceRefusal.NSM_FAILURE.because("malformed answer: more than one operation");
    }
    return map.require(operation).asMap(operation);
  }

  private static Bytes nonEmpty(String what, Bytes bytes) {
    if (bytes.isEmpty()) {
      throw DeviceRefusal.NSM_FAILURE.because("malformed answer: empty " + what);
    }
    return bytes;
  }

  private static RefusalException refused(RefusalException e) {
    return e.code() instanceof DeviceRefusal
        ? e
        : RefusalException.causedBy(
            DeviceRefusal.NSM_FAILURE, "nsm failure: malformed answer: " + e.text(), e);
  }

  private static CborValue text(String text) {
    return new CborValue.Text(text);
  }
}
