package dstack.kms.core.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.RuntimeCryptoException;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import javax.security.auth.DestroyFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** P-256 by the Amazon Corretto Crypto Provider: native, constant time, random nonces. */
final class CorrettoP256 implements P256Engine {
  private static final Logger LOG = LoggerFactory.getLogger(CorrettoP256.class);
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

  private final Provider provider;

  private CorrettoP256(Provider provider) {
    this.provider = provider;
  }

  /** The engine, if the native library loads here and passes its own tests. */
  static Optional<P256Engine> ifHealthy() {
    try {
      AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
      provider.assertHealthy();
      return Optional.of(new CorrettoP256(provider));
    } catch (LinkageError | RuntimeCryptoException e) {
      LOG.info("no native P-256: {}", e.toString());
      return Optional.empty();
    }
  }

  @Override
  public String name() {
    return "ACCP";
  }

  @Override
  public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
    try {
      byte[] spki = key.subjectPublicKeyInfo().toArray();
      PublicKey point = keyFactory().generatePublic(new X509EncodedKeySpec(spki));
      Signature verifier = Signature.getInstance(ALGORITHM, provider);
      verifier.initVerify(point);
      verifier.update(message.buffer());
      return verifier.verify(signature.rs().toArray());
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a point of the curve was not taken as a key", e);
    }
  }

  @Override
  public SigningKey signingKey(Secret scalar) {
    try (Secret encoded = P256Pkcs8.encodeWithoutPublicKey(scalar)) {
      return new CorrettoKey(
          encoded.expose(
              raw -> {
                try {
                  return keyFactory().generatePrivate(new PKCS8EncodedKeySpec(raw));
                } catch (GeneralSecurityException e) {
                  throw new IllegalStateException("a checked scalar was not taken as a key", e);
                }
              }));
    }
  }

  private KeyFactory keyFactory() throws GeneralSecurityException {
    return KeyFactory.getInstance("EC", provider);
  }

  private final class CorrettoKey implements SigningKey {
    private final PrivateKey key;

    CorrettoKey(PrivateKey key) {
      this.key = key;
    }

    @Override
    public EcdsaSignature sign(Bytes message) {
      try {
        Signature signer = Signature.getInstance(ALGORITHM, provider);
        signer.initSign(key);
        signer.update(message.buffer());
        return new EcdsaSignature(Bytes.of(signer.sign()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("signing failed", e);
      }
    }

    @Override
    public void close() {
      try {
        key.destroy();
      } catch (DestroyFailedException e) {
        throw new IllegalStateException("the native key was not erased", e);
      }
    }
  }
}
