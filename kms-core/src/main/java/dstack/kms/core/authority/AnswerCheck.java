package dstack.kms.core.authority;

import dstack.kms.core.answer.AnswerKey;
import dstack.kms.core.answer.AnswerSeal;
import dstack.kms.core.answer.AnswerStatement;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.http.BoundedBody;
import dstack.kms.core.refusal.RefusalException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Whether an answer is one of the service with the configured key, to this very question and of
 * now. Without a configured key every answer passes.
 */
final class AnswerCheck {
  /** How far the service's clock may be off. */
  static final Duration TOLERANCE = Duration.ofSeconds(60);

  private static final int NONCE_BYTES = 16;

  private final Optional<AnswerKey> key;
  private final InstantSource clock;
  private final SecureRandom random;

  AnswerCheck(Optional<AnswerKey> key, InstantSource clock, SecureRandom random) {
    this.key = key;
    this.clock = clock;
    this.random = random;
  }

  /** A nonce for one question; nothing where no signature is expected. */
  Bytes nonce() {
    if (key.isEmpty()) {
      return Bytes.EMPTY;
    }
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return Bytes.of(nonce);
  }

  /**
   * What is asked.
   *
   * @param name of the question, as the signature has it
   * @param nonce chosen for it
   * @param body of the request
   */
  record Question(String name, Bytes nonce, Bytes body) {
    HttpRequest.Builder mark(HttpRequest.Builder request) {
      return nonce.isEmpty() ? request : request.header(AnswerStatement.NONCE_HEADER, nonce.hex());
    }
  }

  /** Refuses an answer that is not signed, not with this key, not to this question, or not now. */
  void check(Question question, HttpResponse<BoundedBody> response) {
    if (key.isEmpty()) {
      return;
    }
    AnswerSeal seal = seal(response);
    boolean holds =
        key.get()
            .holds(
                seal,
                question.name(),
                question.nonce(),
                question.body(),
                response.statusCode(),
                response.body().content());
    if (!holds) {
      throw new RefusalException(
          AuthorityRefusal.UNSIGNED_ANSWER,
          "the answer's signature does not hold under core.auth_api.webhook.answer_key");
    }
    Duration off = Duration.between(Instant.ofEpochSecond(seal.seconds()), clock.instant());
    if (off.abs().compareTo(TOLERANCE) > 0) {
      throw new RefusalException(
          AuthorityRefusal.STALE_ANSWER,
          "the answer was signed "
              + off.toSeconds()
              + " s ago by this machine's clock, expected within "
              + TOLERANCE.toSeconds()
              + " s");
    }
  }

  private static AnswerSeal seal(HttpResponse<BoundedBody> response) {
    List<String> headers = response.headers().allValues(AnswerStatement.SEAL_HEADER);
    Optional<AnswerSeal> seal =
        headers.size() == 1 ? AnswerSeal.parse(headers.getFirst()) : Optional.empty();
    return seal.orElseThrow(
        () ->
            new RefusalException(
                AuthorityRefusal.UNSIGNED_ANSWER,
                "the answer is not signed: it needs one header "
                    + AnswerStatement.SEAL_HEADER
                    + ", as core.auth_api.webhook.answer_key is set"));
  }
}
