package dstack.kms.bench;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import java.security.SecureRandom;

/** One valid P-256 signature over a message as long as the signed part of a TDX quote. */
record SignatureSample(P256PublicKey key, Bytes message, EcdsaSignature signature) {
  static SignatureSample make() {
    SecureRandom random = new SecureRandom();
    byte[] message = new byte[632];
    random.nextBytes(message);
    try (P256PrivateKey key = P256PrivateKey.generate(random)) {
      Bytes bytes = Bytes.of(message);
      return new SignatureSample(key.publicKey(), bytes, key.sign(bytes));
    }
  }

  boolean verifies(SignatureVerifier verifier) {
    return verifier.verifiesP256Sha256(key, message, signature);
  }
}
