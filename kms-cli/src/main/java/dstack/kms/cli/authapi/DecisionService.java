package dstack.kms.cli.authapi;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.HttpExchange;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authority and dresses its answer. No answer is a no; the reason behind it stays in the
 * log.
 */
final class DecisionService {
  private static final Logger log = LoggerFactory.getLogger(DecisionService.class);

  private final Authority authority;
  private final DecisionCounters counters;
  private final Optional<String> contract;
  private final boolean padding;

  /**
   * @param contract the policy contract's address as it was configured, where the answer to {@code
   *     GET /} repeats it; empty for the authority's own spelling
   * @param padding whether short digits are filled up, as by the original, and not denied
   */
  DecisionService(
      Authority authority, DecisionCounters counters, Optional<String> contract, boolean padding) {
    this.authority = authority;
    this.counters = counters;
    this.contract = contract;
    this.padding = padding;
  }

  /** {@code POST /bootAuth/app}. */
  JsonAnswer app(HttpExchange exchange) {
    return decide("app", exchange, authority::decideApp);
  }

  /** {@code POST /bootAuth/kms}. */
  JsonAnswer kms(HttpExchange exchange) {
    return decide("kms", exchange, authority::decideKms);
  }

  /** {@code GET /}: fails while the authority has no view of the chain. */
  JsonAnswer info(HttpExchange exchange) {
    try {
      return AuthApiAnswers.ready(authority.info(), contract);
    } catch (RefusalException e) {
      log.warn("chain view not ready: [{}] {} {}", e.code().code(), e.text(), e.detail());
      return AuthApiAnswers.failed(500);
    }
  }

  private JsonAnswer decide(
      String route, HttpExchange exchange, Function<BootInfo, Decision> authority) {
    return switch (BootRequestReader.read(exchange.head().mediaType(), exchange.body())) {
      case RequestReading.Valid(BootRequest request, boolean exact) when exact || padding ->
          decide(route, request.bootInfo(), authority);
      case RequestReading.Valid(BootRequest request, _) ->
          undecided(
              route,
              request.bootInfo(),
              new RefusalException(
                  AuthApiRefusal.WIDTH,
                  "a field is shorter than its width, or a number: nobody is asked about what"
                      + " filling it up would make of it"));
      case RequestReading.Invalid() -> AuthApiAnswers.invalid();
      case RequestReading.Unreadable() -> AuthApiAnswers.failed(500);
    };
  }

  private JsonAnswer decide(String route, BootInfo info, Function<BootInfo, Decision> authority) {
    try {
      return switch (authority.apply(info)) {
        case Decision.Undecided(RefusalException why) -> undecided(route, info, why);
        case Decision.Allowed allowed ->
            decided(route, info, DecisionCounters.Outcome.ALLOWED, allowed);
        case Decision.Denied denied ->
            decided(route, info, DecisionCounters.Outcome.DENIED, denied);
      };
    } catch (RefusalException e) {
      return undecided(route, info, e);
    }
  }

  private JsonAnswer decided(
      String route, BootInfo info, DecisionCounters.Outcome outcome, Decision decision) {
    counters.count(route, outcome);
    log.info("{} {}: {}", route, info.appId(), decision);
    return AuthApiAnswers.decided(decision);
  }

  private JsonAnswer undecided(String route, BootInfo info, RefusalException why) {
    counters.count(route, DecisionCounters.Outcome.UNDECIDED);
    log.warn(
        "{} {}: not decided: [{}] {} {}",
        route,
        info.appId(),
        why.code().code(),
        why.text(),
        why.detail());
    return AuthApiAnswers.undecided();
  }
}
