package dstack.kms.attest.source;

import dstack.kms.attest.device.DeviceRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.List;
import java.util.Optional;

/**
 * The two things that an enclave reads from its own document before it sends it: what it is bound
 * to, and the image's registers. The signature is the verifier's business.
 *
 * @param userData what the document is bound to
 * @param image registers 0, 1 and 2, one after the other
 */
record EnclaveDocument(Bytes userData, Bytes image) {
  private static final int PAYLOAD = 2;
  private static final int PARTS = 4;

  static EnclaveDocument parse(Bytes document) {
    try {
      return of(CborReader.readAll(document));
    } catch (RefusalException e) {
      throw malformed(e);
    }
  }

  /** The user data of a document, whatever its registers are called; the form is not judged. */
  static Bytes userDataOf(Bytes document) {
    try {
      return payload(CborReader.readAll(document)).require("user_data").asBytes("user_data");
    } catch (RefusalException e) {
      throw malformed(e);
    }
  }

  private static EnclaveDocument of(CborValue value) {
    CborMap map = payload(value);
    CborMap pcrs = map.require("pcrs").asMap("pcrs");
    return new EnclaveDocument(
        map.require("user_data").asBytes("user_data"),
        Bytes.concat(pcr(pcrs, 0), pcr(pcrs, 1), pcr(pcrs, 2)));
  }

  private static CborMap payload(CborValue value) {
    CborValue sign1 =
        value instanceof CborValue.Tagged(long tag, var item) && tag == 18 ? item : value;
    List<CborValue> parts = sign1.asArray("the document");
    if (parts.size() != PARTS) {
      throw DeviceRefusal.NSM_FAILURE.because("malformed document: no COSE_Sign1");
    }
    Bytes payload = parts.get(PAYLOAD).asBytes("the payload");
    return CborReader.readAllFromOpenMap(payload).asMap("the payload");
  }

  private static RefusalException malformed(RefusalException e) {
    return e.code() instanceof DeviceRefusal
        ? e
        : RefusalException.causedBy(
            DeviceRefusal.NSM_FAILURE, "nsm failure: malformed document: " + e.text(), e);
  }

  private static Bytes pcr(CborMap pcrs, int index) {
    Optional<CborValue> value = pcrs.get(index);
    return value
        .orElseThrow(() -> DeviceRefusal.NSM_FAILURE.because("PCR " + index + " not found"))
        .asBytes("PCR " + index);
  }

  void requireAbout(ReportData reportData) {
    if (!userData.equals(reportData.value())) {
      throw DeviceRefusal.WRONG_REPORT_DATA.because("the document is about other user data");
    }
  }

  /** The hash that names the image: of the three registers, or zeros in debug mode. */
  Bytes imageHash() {
    return image.isAllZero() ? Bytes.zeros(32) : Digests.sha256(image);
  }
}
