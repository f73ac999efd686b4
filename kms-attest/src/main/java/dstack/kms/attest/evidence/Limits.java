package dstack.kms.attest.evidence;

/** How large the parts of an attestation may be (specification 10 §1 and §9). */
final class Limits {
  static final int ATTESTATION = 10 * 1024 * 1024;
  static final int BLOB = 1 << 20;
  static final int CONFIG = 1 << 20;
  static final int CERTIFICATES = 64;
  static final int PCR_VALUES = 256;
  static final int SHORT_NAME = 64;
  static final long U32_MAX = 0xFFFF_FFFFL;

  private Limits() {}
}
