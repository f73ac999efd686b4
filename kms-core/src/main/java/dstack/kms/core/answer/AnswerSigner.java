package dstack.kms.core.answer;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import java.time.InstantSource;

/** Signs a service's answers. Safe for use by several threads; closes its key. */
public final class AnswerSigner implements AutoCloseable {
  private final P256PrivateKey key;
  private final InstantSource clock;

  /** Signs with that key, which it owns from now on. */
  public AnswerSigner(P256PrivateKey key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
  }

  /** The key under which the answers hold. */
  public AnswerKey publicKey() {
    return new AnswerKey(key.publicKey());
  }

  /** Signs an answer, now. */
  public AnswerSeal seal(String question, Bytes nonce, Bytes request, int status, Bytes answer) {
    long seconds = clock.instant().getEpochSecond();
    AnswerStatement statement =
        new AnswerStatement(question, nonce, request, seconds, status, answer);
    return new AnswerSeal(seconds, key.sign(statement.message()));
  }

  @Override
  public void close() {
    key.close();
  }
}
