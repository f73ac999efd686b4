package dstack.kms.bench;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.RsaScheme;
import dstack.kms.core.crypto.SignatureVerifier;
import java.security.SecureRandom;
import java.util.Collection;

/** One valid signature with its message and its key: the unit of every floor. */
sealed interface SignatureSample {
  /** A fresh one of P-256 over a message as long as the signed part of a TDX quote. */
  static SignatureSample make() {
    SecureRandom random = new SecureRandom();
    byte[] message = new byte[632];
    random.nextBytes(message);
    try (P256PrivateKey key = P256PrivateKey.generate(random)) {
      Bytes bytes = Bytes.of(message);
      return new P256(key.publicKey(), bytes, key.sign(bytes));
    }
  }

  /** Whether that implementation says that it holds. */
  boolean verifies(SignatureVerifier verifier);

  /** Whether it says so of all of them; verifies every one. */
  static boolean allVerify(Collection<SignatureSample> samples, SignatureVerifier verifier) {
    boolean all = true;
    for (SignatureSample sample : samples) {
      all &= sample.verifies(verifier);
    }
    return all;
  }

  /** ECDSA over P-256 with SHA-256. */
  record P256(P256PublicKey key, Bytes message, EcdsaSignature signature)
      implements SignatureSample {
    @Override
    public boolean verifies(SignatureVerifier verifier) {
      return verifier.verifiesP256Sha256(key, message, signature);
    }
  }

  /** ECDSA over P-384 with SHA-384. */
  record P384(P384PublicKey key, Bytes message, EcdsaSignature384 signature)
      implements SignatureSample {
    @Override
    public boolean verifies(SignatureVerifier verifier) {
      return verifier.verifiesP384Sha384(key, message, signature);
    }
  }

  /** RSA of any size. */
  record Rsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature)
      implements SignatureSample {
    @Override
    public boolean verifies(SignatureVerifier verifier) {
      return verifier.verifiesRsa(scheme, key, message, signature);
    }
  }
}
