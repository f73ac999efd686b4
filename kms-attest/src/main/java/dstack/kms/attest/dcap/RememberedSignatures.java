package dstack.kms.attest.dcap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.EcdsaVerifier;
import dstack.kms.core.crypto.P256PublicKey;

/**
 * Verifies each signature once and remembers those that held.
 *
 * <p>That a signature holds under a key over a message is true for ever; dates and revocation are
 * not part of it and are checked by the callers every time. Only signatures below the trust anchor
 * get here, so nobody but the owners of those keys can fill the memory.
 */
final class RememberedSignatures implements EcdsaVerifier {
  private static final int CAPACITY = 8192;

  private final EcdsaVerifier verifier;
  private final Cache<Signed, Boolean> held =
      Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();

  RememberedSignatures(EcdsaVerifier verifier) {
    this.verifier = verifier;
  }

  private record Signed(P256PublicKey key, Bytes digest, EcdsaSignature signature) {}

  @Override
  public String name() {
    return verifier.name();
  }

  @Override
  public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
    Signed signed = new Signed(key, Digests.sha256(message), signature);
    if (held.getIfPresent(signed) != null) {
      return true;
    }
    boolean holds = verifier.verifiesP256Sha256(key, message, signature);
    if (holds) {
      held.put(signed, true);
    }
    return holds;
  }
}
