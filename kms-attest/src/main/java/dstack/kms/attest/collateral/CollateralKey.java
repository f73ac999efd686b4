package dstack.kms.attest.collateral;

import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.x509.PckCa;
import dstack.kms.core.bytes.Bytes;

/**
 * Which collateral a platform needs.
 *
 * @param tee the kind of environment
 * @param fmspc the platform's family, 6 bytes
 * @param ca the authority behind its PCK certificate
 */
public record CollateralKey(TeeType tee, Bytes fmspc, PckCa ca) {
  /**
   * @throws IllegalArgumentException if the FMSPC has not 6 bytes
   */
  public CollateralKey {
    if (fmspc.length() != 6) {
      throw new IllegalArgumentException("an FMSPC has 6 bytes, not " + fmspc.length());
    }
  }

  @Override
  public String toString() {
    return tee.path() + "-" + fmspc.hex() + "-" + ca.id();
  }
}
