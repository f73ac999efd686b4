package dstack.kms.attest.gcp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.refusal.RefusalException;

/**
 * How an OS image measures on Google Cloud: {@code measurement.gcp.cbor}, a map of {@code version}
 * 1 and {@code uki_auth} (specification 14 §5).
 *
 * <p>Stricter than the original: nothing may stand beside the two fields or after the map. What a
 * later version adds is a demand on the machine that this one would not hold.
 *
 * @param ukiHash SHA-256 of the image's boot program as Authenticode takes it, 32 bytes
 */
record ImageMeasurement(Bytes ukiHash) {
  private static final int HASH = 32;

  static ImageMeasurement decode(Bytes cbor) {
    try {
      CborMap map = CborReader.readAll(cbor).asMap("measurement");
      long version = map.require("version").asInteger("version");
      if (version != 1) {
        throw refusal("unsupported version " + version);
      }
      Bytes ukiHash = map.require("uki_auth").asBytes("uki_auth");
      if (ukiHash.length() != HASH) {
        throw refusal("uki_auth has " + ukiHash.length() + " bytes, expected 32");
      }
      if (map.entries().size() != 2) {
        throw refusal("a field beside version and uki_auth");
      }
      return new ImageMeasurement(ukiHash);
    } catch (RefusalException e) {
      throw e.within("failed to decode vm_config.gcp_measurement CBOR");
    }
  }

  private static RefusalException refusal(String text) {
    return GcpRefusal.MEASUREMENT_FORM.because(text);
  }
}
