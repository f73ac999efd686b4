package dstack.kms.core.crypto;

import dstack.kms.core.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/**
 * P-384 and RSA verification by the Amazon Corretto Crypto Provider. A key that the native library
 * does not take is left to Bouncy Castle, so that both engines always agree.
 */
final class CorrettoVerification implements VerificationEngine {
  private static final PSSParameterSpec PSS_SHA384 =
      new PSSParameterSpec(
          "SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, PSSParameterSpec.TRAILER_FIELD_BC);

  private final Provider provider;
  private final VerificationEngine fallback;

  CorrettoVerification(Provider provider, VerificationEngine fallback) {
    this.provider = provider;
    this.fallback = fallback;
  }

  @Override
  public boolean verifiesP384Sha384(P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
    try {
      return holds(signature("SHA384withECDSAinP1363Format"), "EC", key, message, signature.rs());
    } catch (InvalidKeyException | InvalidKeySpecException e) {
      return fallback.verifiesP384Sha384(key, message, signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the native engine lost an algorithm", e);
    }
  }

  @Override
  public boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
    try {
      return holds(signature(scheme), "RSA", key, message, signature);
    } catch (InvalidKeyException | InvalidKeySpecException e) {
      return fallback.verifiesRsa(scheme, key, message, signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the native engine lost an algorithm", e);
    }
  }

  private Signature signature(RsaScheme scheme) throws GeneralSecurityException {
    return switch (scheme) {
      case PKCS1_SHA256 -> signature("SHA256withRSA");
      case PKCS1_SHA384 -> signature("SHA384withRSA");
      case PSS_SHA384 -> {
        Signature pss = signature("RSASSA-PSS");
        pss.setParameter(PSS_SHA384);
        yield pss;
      }
    };
  }

  private Signature signature(String algorithm) throws GeneralSecurityException {
    return Signature.getInstance(algorithm, provider);
  }

  private boolean holds(
      Signature verifier, String keyType, VerificationKey key, Bytes message, Bytes signature)
      throws GeneralSecurityException {
    byte[] spki = key.subjectPublicKeyInfo().toArray();
    PublicKey publicKey =
        KeyFactory.getInstance(keyType, provider).generatePublic(new X509EncodedKeySpec(spki));
    verifier.initVerify(publicKey);
    try {
      verifier.update(message.buffer());
      return verifier.verify(signature.toArray());
    } catch (SignatureException e) {
      return false;
    }
  }
}
