package dstack.kms.cli.authapi;

import dstack.kms.core.answer.AnswerKey;
import dstack.kms.core.answer.AnswerSigner;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The signer that {@code --answer-key} asks for.
 *
 * @param signer none if answers are not signed
 */
record Signing(Optional<AnswerSigner> signer) implements AutoCloseable {
  static Signing with(Optional<Path> file, InstantSource clock) {
    return new Signing(file.map(path -> new AnswerSigner(KeyFiles.privateKey(path), clock)));
  }

  Optional<AnswerKey> publicKey() {
    return signer.map(AnswerSigner::publicKey);
  }

  @Override
  public void close() {
    signer.ifPresent(AnswerSigner::close);
  }
}
