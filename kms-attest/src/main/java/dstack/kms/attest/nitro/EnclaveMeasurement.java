package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.refusal.RefusalException;

/**
 * What an enclave's image is measured into: registers 0 (image), 1 (kernel and bootstrap) and 2
 * (application), 48 bytes each. An instance is of an enclave that cannot be debugged.
 */
record EnclaveMeasurement(Bytes pcr0, Bytes pcr1, Bytes pcr2) {
  /** Refuses a debug enclave, whose registers are zeros whatever runs in it (T-22). */
  EnclaveMeasurement {
    if (pcr0.isAllZero()) {
      boolean all = pcr1.isAllZero() && pcr2.isAllZero();
      throw NitroRefusal.DEBUG.because(
          "nitro enclave is in debug mode ("
              + (all ? "PCR0/1/2 are" : "PCR0 is")
              + " zeroed); refusing to verify");
    }
  }

  /** The three registers of the document, each of which must be there. */
  static EnclaveMeasurement of(Registers registers) {
    try {
      return new EnclaveMeasurement(
          registers.require(0), registers.require(1), registers.require(2));
    } catch (RefusalException e) {
      throw e.code() == NitroRefusal.DEBUG ? e : e.within("verified NSM report missing PCR0/1/2");
    }
  }

  /**
   * SHA-256 of the three: the hash of the image and, as an enclave is not composed of anything
   * else, of the workload.
   */
  Bytes imageHash() {
    return Digests.sha256(pcr0, pcr1, pcr2);
  }

  /** Refuses a claimed hash of an image that is not the measured one. */
  void requireImage(Bytes claimed) {
    Bytes computed = imageHash();
    if (!claimed.equals(computed)) {
      throw NitroRefusal.IMAGE.because(
          "os_image_hash mismatch: expected=" + claimed + ", computed=" + computed);
    }
  }
}
