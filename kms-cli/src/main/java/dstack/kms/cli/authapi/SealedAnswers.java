package dstack.kms.cli.authapi;

import dstack.kms.core.answer.AnswerSigner;
import dstack.kms.core.answer.AnswerStatement;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.HttpHandler;
import dstack.kms.rpc.http.HttpReply;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Signs what is answered, if there is a key to sign with. */
final class SealedAnswers {
  private static final Pattern NONCE = Pattern.compile("(?:[0-9a-f]{2}){1,32}");

  private final Optional<AnswerSigner> signer;

  SealedAnswers(Optional<AnswerSigner> signer) {
    this.signer = signer;
  }

  /** The same handler with the seal of each answer beside it. */
  HttpHandler sealing(String question, Function<HttpExchange, JsonAnswer> handler) {
    return exchange -> {
      JsonAnswer answer = handler.apply(exchange);
      HttpReply reply = answer.reply();
      return signer
          .map(
              key -> reply.with(AnswerStatement.SEAL_HEADER, seal(key, question, exchange, answer)))
          .orElse(reply);
    };
  }

  private static String seal(
      AnswerSigner signer, String question, HttpExchange exchange, JsonAnswer answer) {
    Bytes nonce =
        exchange
            .head()
            .header(AnswerStatement.NONCE_HEADER)
            .filter(value -> NONCE.matcher(value).matches())
            .map(Bytes::fromHex)
            .orElse(Bytes.EMPTY);
    Bytes body = Bytes.utf8(answer.body());
    return signer.seal(question, nonce, exchange.body(), answer.status(), body).text();
  }
}
