package dstack.kms.attest.snp.launch;

import dstack.kms.attest.appinfo.MeasurementDocument;
import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;

/**
 * The host's text {@code sev_snp_measurement}: the image's measurement document, and the launch
 * parameters of this machine, for which nobody vouches but the measurement that they lead to.
 *
 * @param material the image's checksum file and its measurement document
 * @param vcpus how many virtual processors, up to 2^32 − 1
 * @param vcpuType the processor model that the guest sees
 * @param guestFeatures the features of every virtual processor, 64 bits
 */
record SnpMeasurement(
    MeasurementDocument material, long vcpus, Optional<String> vcpuType, BigInteger guestFeatures) {
  private static final Set<String> MEMBERS =
      Set.of("checksum_file", "measurement", "vcpus", "vcpu_type", "guest_features");

  /** Reads exactly the five members. */
  static SnpMeasurement parse(String json) {
    try {
      JsonObject object = StrictJson.object(json, LaunchRefusal.DOCUMENT);
      object.requireOnly(MEMBERS);
      return new SnpMeasurement(
          new MeasurementDocument(object.base64("checksum_file"), object.base64("measurement")),
          object.u32("vcpus"),
          object.optionalText("vcpu_type"),
          object.u64("guest_features"));
    } catch (RefusalException e) {
      throw e.within("failed to parse sev_snp_measurement");
    }
  }
}
