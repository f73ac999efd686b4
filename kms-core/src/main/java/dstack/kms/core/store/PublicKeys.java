package dstack.kms.core.store;

import dstack.kms.core.bytes.Bytes;

/**
 * The public halves of a key set.
 *
 * @param rootCa subject public key info, DER
 * @param tmpCa subject public key info, DER
 * @param rpc subject public key info, DER
 * @param k256 33 bytes, compressed
 */
record PublicKeys(Bytes rootCa, Bytes tmpCa, Bytes rpc, Bytes k256) {
  /** One root key is of that bootstrap, the other is not: they were never made together. */
  boolean areHalfOf(BootstrapInfo info) {
    return rootCa.equals(info.caPubkey()) != k256.equals(info.k256Pubkey());
  }

  boolean areThoseOf(BootstrapInfo info) {
    return rootCa.equals(info.caPubkey()) && k256.equals(info.k256Pubkey());
  }
}
