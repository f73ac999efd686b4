package dstack.kms.attest.gcp;

import dstack.kms.attest.appinfo.MeasurementDocument;
import dstack.kms.attest.appinfo.VmConfig;
import dstack.kms.attest.material.MeasurementMaterial;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.refusal.RefusalException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Ties the claimed OS image hash to what the machine's firmware measured (specification 14 §5):
 * known firmware, and the claimed image's boot program as the third of four measurements of PCR 2.
 *
 * <p>Stricter than the original, which takes the third and never looks at the others: the first has
 * to be the separator and nothing may come after the fourth, so that nothing that was started after
 * the genuine program goes unseen. Every real log has exactly these: separator, partition table,
 * boot program, the kernel inside it. What the table and that kernel are is not known here; the
 * kernel is started by the boot program and so is its choice.
 */
public final class GcpImageRule {
  /**
   * PCR 0 of Google's firmware {@code GCE Virtual Firmware v2} in a TDX domain: the replay of its
   * version, the technology and a separator.
   */
  public static final Bytes OVMF_V2 =
      Bytes.fromHex("0cca9ec161b09288802e5a112255d21340ed5b797f5fe29cecccfd8f67b9f802");

  /** SHA-256 of four zero bytes, the data of EV_SEPARATOR. */
  private static final Bytes SEPARATOR =
      Bytes.fromHex("df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119");

  private static final String DOCUMENT = "measurement.gcp.cbor";
  private static final int UKI = 2;
  private static final int EVENTS = 4;

  private final Set<Bytes> firmware;
  private final boolean bareUkiHash;

  /** The rule with what the operator adds to the known firmware and allows. */
  public GcpImageRule(GcpEvidenceConfig config) {
    Set<Bytes> known = new HashSet<>(config.firmwarePcr0());
    known.add(OVMF_V2);
    this.firmware = Set.copyOf(known);
    this.bareUkiHash = config.bareUkiHash();
  }

  /**
   * Refuses unless the machine booted the image that the configuration claims.
   *
   * @param config as {@link VmConfig#resolve} gives it for this request
   */
  public void require(VerifiedGcpTdx machine, VmConfig config) {
    require(machine.pcr0(), machine.bootEvents(), config);
  }

  /**
   * The rule itself.
   *
   * @param pcr0 the quoted register
   * @param events the digests behind the quoted PCR 2, in order
   */
  void require(Bytes pcr0, List<Bytes> events, VmConfig config) {
    Bytes expected = expectedUki(config);
    if (!firmware.contains(pcr0)) {
      throw GcpRefusal.FIRMWARE.because("PCR 0 mismatch: expected GCP OVMF v2, got " + pcr0);
    }
    if (events.size() <= UKI) {
      throw GcpRefusal.BOOT_SEQUENCE.because("Event 28 not found");
    }
    Bytes actual = events.get(UKI);
    if (!actual.equals(expected)) {
      throw GcpRefusal.UKI_HASH.because(
          "UKI hash mismatch: expected=" + expected + ", actual=" + actual);
    }
    requireNothingElse(events);
  }

  private Bytes expectedUki(VmConfig config) {
    if (config.gcpMeasurement().isPresent()) {
      Bytes document = listed(config.osImageHash(), config.gcpMeasurement().get());
      return ImageMeasurement.decode(document).ukiHash();
    }
    if (bareUkiHash) {
      return config.osImageHash();
    }
    throw GcpRefusal.MEASUREMENT_MISSING.because(
        "gcp tdx attestation requires vm_config.gcp_measurement (core.attestation.gcp.bare_uki_hash"
            + " = false: os_image_hash is not taken for the UKI hash)");
  }

  private static Bytes listed(Bytes osImageHash, MeasurementDocument material) {
    try {
      return MeasurementMaterial.requireListed(osImageHash, material, DOCUMENT);
    } catch (RefusalException e) {
      throw e.within("gcp measurement material does not match os_image_hash");
    }
  }

  private static void requireNothingElse(List<Bytes> events) {
    if (!events.getFirst().equals(SEPARATOR)) {
      throw GcpRefusal.BOOT_SEQUENCE.because(
          "PCR 2 does not begin with a separator: " + events.getFirst());
    }
    if (events.size() != EVENTS) {
      throw GcpRefusal.BOOT_SEQUENCE.because(
          "PCR 2 has " + events.size() + " events, expected " + EVENTS);
    }
  }
}
