package dstack.kms.attest.x509;

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
import dstack.kms.core.crypto.VerificationKey;
import java.util.function.BooleanSupplier;

/**
 * Verifies each signature once and remembers those that held.
 *
 * <p>That a signature holds under a key over a message is true for ever; dates and revocation are
 * not part of it and are checked by the callers every time. Use it only for signatures below a
 * trust anchor, under keys whose own certificates were found to be signed: then nobody but the
 * owners of those keys can fill the memory.
 */
public final class RememberedSignatures implements SignatureVerifier {
  private static final int CAPACITY = 8192;

  private final SignatureVerifier verifier;
  private final Cache<Signed, Boolean> held =
      Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();

  /** A memory of what that verifier finds. */
  public RememberedSignatures(SignatureVerifier verifier) {
    this.verifier = verifier;
  }

  private record Signed(
      CertificateAlgorithm algorithm, VerificationKey key, Bytes digest, Bytes signature) {}

  @Override
  public String name() {
    return verifier.name();
  }

  @Override
  public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
    return once(
        new Signed(CertificateAlgorithm.ECDSA_SHA256, key, Digests.sha256(message), signature.rs()),
        () -> verifier.verifiesP256Sha256(key, message, signature));
  }

  @Override
  public boolean verifiesP384Sha384(P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
    return once(
        new Signed(CertificateAlgorithm.ECDSA_SHA384, key, Digests.sha384(message), signature.rs()),
        () -> verifier.verifiesP384Sha384(key, message, signature));
  }

  @Override
  public boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
    Signed signed =
        switch (scheme) {
          case PKCS1_SHA256 ->
              new Signed(CertificateAlgorithm.RSA_SHA256, key, Digests.sha256(message), signature);
          case PKCS1_SHA384 ->
              new Signed(CertificateAlgorithm.RSA_SHA384, key, Digests.sha384(message), signature);
          case PSS_SHA384 ->
              new Signed(
                  CertificateAlgorithm.RSA_PSS_SHA384, key, Digests.sha384(message), signature);
        };
    return once(signed, () -> verifier.verifiesRsa(scheme, key, message, signature));
  }

  private boolean once(Signed signed, BooleanSupplier check) {
    if (held.getIfPresent(signed) != null) {
      return true;
    }
    boolean holds = check.getAsBoolean();
    if (holds) {
      held.put(signed, true);
    }
    return holds;
  }
}
