package dstack.kms.sim.snp;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/**
 * One processor.
 *
 * @param id 64 bytes
 */
public record SnpChip(SnpProduct product, Bytes id) {
  /** The processor of that machine. */
  public static SnpChip of(SnpProduct product, int device) {
    Bytes digest = Digests.sha512(Bytes.utf8("SIMULATED " + product.title() + " " + device));
    return new SnpChip(product, digest.slice(0, product.chipIdLength()).paddedTo(64));
  }

  /** What certificates and addresses name it by. */
  public Bytes shortId() {
    return id.slice(0, product.chipIdLength());
  }
}
