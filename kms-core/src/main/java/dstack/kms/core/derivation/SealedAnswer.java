package dstack.kms.core.derivation;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.Hpke;

/**
 * An application's keys sealed to a key that was made for this one answer, with everything that the
 * sealing is bound to. It hides the keys; only the root's signature says whose they are.
 *
 * @param publicKey the X25519 key that it is sealed to, 32 bytes
 * @param binding to the request that it answers
 * @param sealed HPKE's encapsulated key, 32 bytes, and the ciphertext
 */
public record SealedAnswer(Bytes publicKey, Hpke.Binding binding, Bytes sealed) {
  private static final Bytes INFO = Bytes.utf8("dstack-kms-sealed-keys-v1");

  /**
   * What the sealing is bound to: {@code dstack-kms-sealed-keys-v1} as info, and as additional data
   * SHA-256 of the attestation and SHA-256 of the VM configuration that were sent, 64 bytes.
   */
  public static Hpke.Binding binding(Bytes attestation, String vmConfig) {
    return new Hpke.Binding(
        INFO, Bytes.concat(Digests.sha256(attestation), Digests.sha256(Bytes.utf8(vmConfig))));
  }

  /** SHA-256 of the public key, the additional data and the sealed bytes, one after the other. */
  Bytes digest() {
    return Digests.sha256(publicKey, binding.data(), sealed);
  }
}
