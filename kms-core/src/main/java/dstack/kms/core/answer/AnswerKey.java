package dstack.kms.core.answer;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.util.Optional;

/** The key under which a service's answers hold. */
public record AnswerKey(P256PublicKey key) {
  /** Length of the subject public key info in bytes. */
  public static final int LENGTH = 91;

  private static final SignatureVerifier VERIFIER = SignatureVerifiers.named("auto");

  /** The key in a subject public key info; empty if it is none of P-256. */
  public static Optional<AnswerKey> of(Bytes subjectPublicKeyInfo) {
    return P256PublicKey.fromSubjectPublicKeyInfo(subjectPublicKeyInfo).map(AnswerKey::new);
  }

  /** As it is written in a configuration: the subject public key info in hexadecimal digits. */
  public String text() {
    return key.subjectPublicKeyInfo().hex();
  }

  /** Whether the seal is of that question, that answer and this key; says nothing of its age. */
  public boolean holds(
      AnswerSeal seal, String question, Bytes nonce, Bytes request, int status, Bytes answer) {
    AnswerStatement statement =
        new AnswerStatement(question, nonce, request, seal.seconds(), status, answer);
    return VERIFIER.verifiesP256Sha256(key, statement.message(), seal.signature());
  }
}
