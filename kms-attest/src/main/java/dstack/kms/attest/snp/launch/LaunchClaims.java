package dstack.kms.attest.snp.launch;

import static dstack.kms.attest.snp.launch.LaunchRefusal.VM_CONFIG;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/**
 * What a VM configuration claims about an SNP guest's launch. Each value stands at the top level or
 * else inside a nested text {@code vm_config}.
 *
 * @param measurementDocument the JSON text {@code sev_snp_measurement}
 * @param osImageHash what the image's checksum file is said to hash to
 * @param mrConfig the document whose hash the host data is, as text
 */
record LaunchClaims(
    Optional<String> measurementDocument, Optional<Bytes> osImageHash, Optional<String> mrConfig) {
  private static final int MAX_LENGTH = 1 << 20;

  /** Reads the claims; {@code failed to parse vm_config for amd sev-snp: …} if that fails. */
  static LaunchClaims parse(String vmConfig) {
    try {
      LaunchClaims outer = of(object(vmConfig));
      Optional<String> nested = object(vmConfig).optionalText("vm_config");
      return nested.isEmpty() ? outer : outer.orFrom(of(object(nested.get())));
    } catch (RefusalException e) {
      throw e.within("failed to parse vm_config for amd sev-snp");
    }
  }

  String requireMeasurementDocument() {
    return measurementDocument.orElseThrow(() -> required("sev_snp_measurement"));
  }

  Bytes requireOsImageHash() {
    return osImageHash.orElseThrow(() -> required("os_image_hash"));
  }

  String requireMrConfig() {
    return mrConfig.orElseThrow(() -> required("mr_config"));
  }

  private LaunchClaims orFrom(LaunchClaims inner) {
    return new LaunchClaims(
        measurementDocument.or(() -> inner.measurementDocument),
        osImageHash.or(() -> inner.osImageHash),
        mrConfig.or(() -> inner.mrConfig));
  }

  private static JsonObject object(String text) {
    if (text.length() > MAX_LENGTH) {
      throw VM_CONFIG.because("longer than 1 MiB");
    }
    return StrictJson.object(text, VM_CONFIG);
  }

  private static LaunchClaims of(JsonObject object) {
    return new LaunchClaims(
        object.optionalText("sev_snp_measurement"),
        object.optionalText("os_image_hash").map(_ -> object.hex("os_image_hash")),
        object.optionalText("mr_config"));
  }

  private static RefusalException required(String name) {
    return VM_CONFIG.because(name + " is required for amd sev-snp");
  }
}
