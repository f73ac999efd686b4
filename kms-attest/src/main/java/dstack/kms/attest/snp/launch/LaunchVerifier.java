package dstack.kms.attest.snp.launch;

import dstack.kms.attest.material.MeasurementMaterial;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;

/**
 * Holds a report's measurement and host data against what a VM configuration claims (specification
 * 16 §5 and §6).
 */
public final class LaunchVerifier {
  private static final String FILE_NAME = "measurement.snp.cbor";

  private LaunchVerifier() {}

  /**
   * The guest's launch, if every claim leads to what the hardware reports.
   *
   * @param measurement of a report whose signature holds, 48 bytes
   * @param hostData of the same report, 32 bytes
   * @param vmConfig JSON
   */
  public static VerifiedLaunch verify(Bytes measurement, Bytes hostData, String vmConfig) {
    LaunchClaims claims = LaunchClaims.parse(vmConfig);
    SnpMeasurement stated = SnpMeasurement.parse(claims.requireMeasurementDocument());
    Bytes osImageHash = claims.requireOsImageHash();
    OsImageMeasurement image = OsImageMeasurement.parse(listed(osImageHash, stated));
    LaunchInputs inputs = LaunchInputs.of(image, stated);
    String mrConfig = claims.requireMrConfig();
    if (!new LaunchMeasurement(inputs).compute().equals(measurement)) {
      throw LaunchRefusal.MEASUREMENT.because("amd sev-snp measurement mismatch");
    }
    if (!MrConfig.hostDataOf(mrConfig).equals(hostData)) {
      throw LaunchRefusal.HOST_DATA.because("amd sev-snp host_data mismatch");
    }
    return new VerifiedLaunch(osImageHash, MrConfig.parse(mrConfig));
  }

  /** Refuses unless the host data is the hash of the document that came with the report. */
  public static void requireHostData(Bytes hostData, String mrConfig) {
    Bytes expected = MrConfig.hostDataOf(mrConfig);
    if (!expected.equals(hostData)) {
      throw LaunchRefusal.HOST_DATA.because(
          "amd sev-snp HOST_DATA mismatch, quoted: " + hostData + ", expected: " + expected);
    }
    MrConfig.parse(mrConfig);
  }

  private static Bytes listed(Bytes osImageHash, SnpMeasurement stated) {
    try {
      return MeasurementMaterial.requireListed(osImageHash, stated.material(), FILE_NAME);
    } catch (RefusalException e) {
      throw e.within("amd sev-snp measurement material does not match os_image_hash");
    }
  }
}
