package dstack.kms.attest.appinfo;

import dstack.kms.attest.json.JsonObject;
import dstack.kms.attest.json.StrictJson;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;

/**
 * The configuration of a virtual machine as its host states it: unsigned, each value a claim until
 * the measurements are recomputed from it (specification 10 §4).
 *
 * @param osImageHash empty if nothing is claimed
 * @param cpuCount virtual processors
 * @param memorySize bytes, up to 2^64 − 1
 * @param qemuSinglePassAddPages how QEMU measured the initial memory
 * @param pic whether there is an interrupt controller of the old kind
 * @param qemuVersion QEMU's version
 * @param pciHole64Size bytes, up to 2^64 − 1
 * @param hugepages whether memory is in huge pages
 * @param numGpus graphics processors
 * @param numNvswitches NVSwitch devices
 * @param numNics network devices
 * @param numVerityVolumes read-only volumes
 * @param swtpm whether there is a software TPM
 * @param hotplugOff whether hot plugging is off
 * @param image the image's name
 * @param hostShareMode how files of the host are shared
 * @param ovmfPre202505 whether the firmware is stated to measure as before May 2025
 * @param tdxAttestationVariant how the image is to be checked
 * @param tdxMeasurement material for TDX
 * @param gcpMeasurement material for Google Cloud
 * @param awsMeasurement material for EC2
 */
public record VmConfig(
    Bytes osImageHash,
    long cpuCount,
    BigInteger memorySize,
    Optional<Boolean> qemuSinglePassAddPages,
    Optional<Boolean> pic,
    Optional<String> qemuVersion,
    BigInteger pciHole64Size,
    boolean hugepages,
    long numGpus,
    long numNvswitches,
    long numNics,
    long numVerityVolumes,
    boolean swtpm,
    boolean hotplugOff,
    Optional<String> image,
    String hostShareMode,
    boolean ovmfPre202505,
    TdxAttestationVariant tdxAttestationVariant,
    Optional<MeasurementDocument> tdxMeasurement,
    Optional<MeasurementDocument> gcpMeasurement,
    Optional<MeasurementDocument> awsMeasurement) {

  private static final int MAX_LENGTH = 1 << 20;

  /** Parses one JSON object of at most 1 MiB; {@code Failed to parse vm config: …} if it fails. */
  public static VmConfig parse(String json) {
    try {
      if (json.length() > MAX_LENGTH) {
        throw new RefusalException(AppInfoRefusal.VM_CONFIG, "longer than 1 MiB");
      }
      return of(StrictJson.object(json, AppInfoRefusal.VM_CONFIG));
    } catch (RefusalException e) {
      throw e.within("Failed to parse vm config");
    }
  }

  /**
   * The configuration that counts: what came beside the evidence if it is not empty, else what is
   * in it, else nothing. A whole system configuration is not unwrapped and so claims nothing.
   */
  public static VmConfig resolve(String external, String embedded) {
    return parse(chosen(external, embedded));
  }

  /** The same, but a string member {@code vm_config} is unwrapped once, as the guest agent does. */
  static VmConfig resolveNested(String external, String embedded) {
    String chosen = chosen(external, embedded);
    return parse(nested(chosen).orElse(chosen));
  }

  private static Optional<String> nested(String json) {
    try {
      return StrictJson.object(json, AppInfoRefusal.VM_CONFIG).textIfString("vm_config");
    } catch (RefusalException e) {
      return Optional.empty(); // the caller's own parse says what is wrong with it
    }
  }

  private static String chosen(String external, String embedded) {
    if (!external.isEmpty()) {
      return external;
    }
    return embedded.isEmpty() ? "{}" : embedded;
  }

  private static VmConfig of(JsonObject object) {
    return new VmConfig(
        object.hexOrEmpty("os_image_hash"),
        object.u32Or("cpu_count", 0),
        object.u64OrZero("memory_size"),
        object.optionalBool("qemu_single_pass_add_pages"),
        object.optionalBool("pic"),
        object.optionalText("qemu_version"),
        object.u64OrZero("pci_hole64_size"),
        object.boolOrFalse("hugepages"),
        object.u32Or("num_gpus", 0),
        object.u32Or("num_nvswitches", 0),
        object.u32Or("num_nics", 1),
        object.u32Or("num_verity_volumes", 0),
        object.boolOrFalse("swtpm"),
        object.boolOrFalse("hotplug_off"),
        object.optionalText("image"),
        object.textOr("host_share_mode", ""),
        isPre202505(object),
        TdxAttestationVariant.ofName(object.textOr("tdx_attestation_variant", "legacy")),
        object.optionalObject("tdx_measurement").map(MeasurementDocument::of),
        object.optionalObject("gcp_measurement").map(MeasurementDocument::of),
        object.optionalObject("aws_measurement").map(MeasurementDocument::of));
  }

  private static boolean isPre202505(JsonObject object) {
    Optional<String> variant = object.optionalText("ovmf_variant");
    if (variant.isPresent() && !variant.get().equals("pre202505")) {
      throw new RefusalException(
          AppInfoRefusal.VM_CONFIG, "unknown variant `" + variant.get() + "`");
    }
    return variant.isPresent();
  }
}
