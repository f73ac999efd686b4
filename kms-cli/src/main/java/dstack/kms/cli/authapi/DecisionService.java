package dstack.kms.cli.authapi;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.HttpExchange;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authority and dresses its answer. No answer is a no; the reason behind it stays in the
 * log.
 */
final class DecisionService {
  private static final Logger log = LoggerFactory.getLogger(DecisionService.class);

  private final Authority authority;
  private final DecisionRecord record;
  private final Optional<String> contract;
  private final boolean padding;

  /**
   * @param record keeps each decision before it is answered
   * @param contract the policy contract's address as it was configured, where the answer to {@code
   *     GET /} repeats it; empty for the authority's own spelling
   * @param padding whether short digits are filled up, as by the original, and not denied
   */
  DecisionService(
      Authority authority, DecisionRecord record, Optional<String> contract, boolean padding) {
    this.authority = authority;
    this.record = record;
    this.contract = contract;
    this.padding = padding;
  }

  /** {@code POST /bootAuth/app}. */
  JsonAnswer app(HttpExchange exchange) {
    return decide(DecisionRoute.APP, exchange);
  }

  /** {@code POST /bootAuth/kms}. */
  JsonAnswer kms(HttpExchange exchange) {
    return decide(DecisionRoute.KMS, exchange);
  }

  /** {@code GET /}: fails while the authority has no view of the chain. */
  JsonAnswer info(HttpExchange exchange) {
    try {
      return AuthApiAnswers.ready(authority.info(), contract);
    } catch (RefusalException e) {
      log.warn("chain view not ready: {}", DecisionRecord.shown(e));
      return AuthApiAnswers.failed(500);
    }
  }

  private JsonAnswer decide(DecisionRoute route, HttpExchange exchange) {
    return switch (BootRequestReader.read(exchange.head().mediaType(), exchange.body())) {
      case RequestReading.Valid(BootRequest request, boolean exact) -> {
        Question question = new Question(route, request, exchange.connection());
        Decision decision = exact || padding ? ask(question) : tooShort();
        yield AuthApiAnswers.decided(record.of(question, decision));
      }
      case RequestReading.Invalid() -> AuthApiAnswers.invalid();
      case RequestReading.Unreadable() -> AuthApiAnswers.failed(500);
    };
  }

  private Decision ask(Question question) {
    try {
      return question.route().ask(authority, question.about().bootInfo());
    } catch (RefusalException e) {
      return new Decision.Undecided(e);
    }
  }

  private static Decision tooShort() {
    return new Decision.Undecided(
        new RefusalException(
            AuthApiRefusal.WIDTH,
            "a field is shorter than its width, or a number: nobody is asked about what filling it"
                + " up would make of it"));
  }
}
