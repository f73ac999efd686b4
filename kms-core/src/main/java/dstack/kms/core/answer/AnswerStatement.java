package dstack.kms.core.answer;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;

/**
 * What a signature over an answer says.
 *
 * @param question which one, for example {@code bootAuth/app}; never with a line end
 * @param nonce that the client chose for this question alone, or nothing
 * @param request the request's body
 * @param seconds since 1970, by the service's clock
 * @param status the answer's HTTP status
 * @param answer the answer's body
 */
public record AnswerStatement(
    String question, Bytes nonce, Bytes request, long seconds, int status, Bytes answer) {
  /** The header by which a client sends its nonce as hexadecimal digits. */
  public static final String NONCE_HEADER = "X-Auth-Nonce";

  /** The header that carries an {@link AnswerSeal}. */
  public static final String SEAL_HEADER = "X-Auth-Answer";

  private static final String PURPOSE = "dstack-auth-answer-v1";

  /** Refuses a question with a line end, which could pass for another statement. */
  public AnswerStatement {
    if (question.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a question of two lines");
    }
  }

  /** The bytes that are signed: seven lines, each ended, none of which can hold a line end. */
  Bytes message() {
    return Bytes.utf8(
        String.join(
            "\n",
            PURPOSE,
            question,
            nonce.hex(),
            Digests.sha256(request).hex(),
            Long.toString(seconds),
            Integer.toString(status),
            Digests.sha256(answer).hex(),
            ""));
  }
}
