package dstack.kms.attest.evidence;

/** The two containers that an attestation travels in (specification 10 §1). */
public enum ContainerVersion {
  /** SCALE; knows version-1 events only. */
  V0,
  /** MessagePack. */
  V1
}
