package dstack.kms.onboard.setup;

import dstack.kms.core.bytes.Bytes;

/**
 * The public root keys of a node that was just set up.
 *
 * @param caPubkey the root CA's subject public key info, DER
 * @param k256Pubkey 33 bytes, compressed
 * @param verified whether everything that could be checked about them holds
 * @param says what was checked, or what does not hold, in words
 */
public record NodeIdentity(Bytes caPubkey, Bytes k256Pubkey, boolean verified, String says) {
  /** The same with one more finding about the keys. */
  NodeIdentity and(boolean holds, String text) {
    return new NodeIdentity(caPubkey, k256Pubkey, verified && holds, says + " " + text);
  }
}
