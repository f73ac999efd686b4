package dstack.kms.attest.appinfo;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.core.bytes.Bytes;

/**
 * Material from which an OS image's measurements can be recomputed, as the host gave it.
 *
 * @param checksumFile the bytes of {@code sha256sum.txt}
 * @param measurement the bytes of the platform's measurement file, CBOR
 */
public record MeasurementDocument(Bytes checksumFile, Bytes measurement) {
  static MeasurementDocument of(JsonObject object) {
    return new MeasurementDocument(object.base64("checksum_file"), object.base64("measurement"));
  }
}
