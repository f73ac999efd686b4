package dstack.kms.attest.dcap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.RsaScheme;
import dstack.kms.core.crypto.SignatureVerifier;

/**
 * Verifies each signature once and remembers those that held.
 *
 * <p>That a signature holds under a key over a message is true for ever; dates and revocation are
 * not part of it and are checked by the callers every time. Only signatures below the trust anchor
 * get here, so nobody but the owners of those keys can fill the memory.
 */
final class RememberedSignatures implements SignatureVerifier {
  private static final int CAPACITY = 8192;

  private final SignatureVerifier verifier;
  private final Cache<Signed, Boolean> held =
      Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();

  RememberedSignatures(SignatureVerifier verifier) {
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

  @Override
  public boolean verifiesP384Sha384(P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
    return verifier.verifiesP384Sha384(key, message, signature);
  }

  @Override
  public boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
    return verifier.verifiesRsa(scheme, key, message, signature);
  }
}
