package dstack.kms.attest.appinfo;

/**
 * The moment in the life of the machine that measurements are taken at. It changes the aggregated
 * and the system measurement and the key provider, never the names that are looked up
 * (specification 12 §7).
 */
public enum MeasurementPoint {
  /** All that was measured up to the evidence. Used to release keys. */
  RUNTIME,
  /** What was measured up to {@code boot-mr-done}, no key provider. Used to sign certificates. */
  BOOT
}
