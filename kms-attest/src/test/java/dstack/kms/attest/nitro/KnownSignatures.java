package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.RsaScheme;
import dstack.kms.core.crypto.SignatureVerifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Verifies each P-384 signature once: thousands of changed documents share their certificates. */
record KnownSignatures(SignatureVerifier verifier, Map<Signed, Boolean> known)
    implements SignatureVerifier {
  record Signed(P384PublicKey key, Bytes message, EcdsaSignature384 signature) {}

  KnownSignatures(SignatureVerifier verifier) {
    this(verifier, new ConcurrentHashMap<>());
  }

  @Override
  public String name() {
    return verifier.name();
  }

  @Override
  public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
    return verifier.verifiesP256Sha256(key, message, signature);
  }

  @Override
  public boolean verifiesP384Sha384(P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
    return known.computeIfAbsent(
        new Signed(key, message, signature),
        s -> verifier.verifiesP384Sha384(s.key(), s.message(), s.signature()));
  }

  @Override
  public boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
    return verifier.verifiesRsa(scheme, key, message, signature);
  }
}
