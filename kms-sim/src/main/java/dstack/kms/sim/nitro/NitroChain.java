package dstack.kms.sim.nitro;

import dstack.kms.sim.vendor.VendorCertificate;
import java.util.List;

/**
 * The certificates of one document.
 *
 * @param bundle root, regional, zonal, instance
 * @param leaf over the key that signs the document
 */
public record NitroChain(List<VendorCertificate> bundle, VendorCertificate leaf) {
  public NitroChain {
    bundle = List.copyOf(bundle);
  }
}
