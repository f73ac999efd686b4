package dstack.kms.bench;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.RsaScheme;
import dstack.kms.core.crypto.SignatureVerifier;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Verifies as another verifier does and keeps each distinct signature that it was asked about. For
 * one thread.
 */
final class SignatureRecorder implements SignatureVerifier {
  private final SignatureVerifier verifier;
  private final Set<SignatureSample> asked = new LinkedHashSet<>();

  SignatureRecorder(SignatureVerifier verifier) {
    this.verifier = verifier;
  }

  /** The signatures since the last call, each once, in the order of the first question. */
  List<SignatureSample> take() {
    List<SignatureSample> taken = List.copyOf(asked);
    asked.clear();
    return taken;
  }

  @Override
  public String name() {
    return verifier.name();
  }

  @Override
  public boolean verifiesP256Sha256(P256PublicKey key, Bytes message, EcdsaSignature signature) {
    return verifies(new SignatureSample.P256(key, message, signature));
  }

  @Override
  public boolean verifiesP384Sha384(P384PublicKey key, Bytes message, EcdsaSignature384 signature) {
    return verifies(new SignatureSample.P384(key, message, signature));
  }

  @Override
  public boolean verifiesRsa(RsaScheme scheme, RsaPublicKey key, Bytes message, Bytes signature) {
    return verifies(new SignatureSample.Rsa(scheme, key, message, signature));
  }

  private boolean verifies(SignatureSample sample) {
    asked.add(sample);
    return sample.verifies(verifier);
  }
}
