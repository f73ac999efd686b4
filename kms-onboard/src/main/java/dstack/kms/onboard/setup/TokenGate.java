package dstack.kms.onboard.setup;

import dstack.kms.core.config.TokenDigest;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.RequestHead;
import dstack.kms.rpc.throttle.FailureThrottle;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Lets changing calls pass that show the set-up token, and makes guessing it slow (T-08, T-38).
 * Without a token every call passes.
 */
final class TokenGate {
  private static final String BEARER = "Bearer ";

  private final Optional<TokenDigest> token;
  private final FailureThrottle throttle;

  TokenGate(Optional<TokenDigest> token, InstantSource clock) {
    this.token = token;
    this.throttle = new FailureThrottle(clock);
  }

  /** Whether callers need a token. */
  boolean isNeeded() {
    return token.isPresent();
  }

  /** Refuses the call unless it shows the token. */
  void check(HttpExchange call) {
    if (token.isEmpty()) {
      return;
    }
    String address = FailureThrottle.addressOf(call.connection());
    if (throttle.locks(address)) {
      throw new RefusalException(
          SetupRefusal.TOKEN_THROTTLED,
          "too many wrong set-up tokens from this address; try again in a minute");
    }
    Optional<String> candidate = candidate(call.head());
    if (candidate.filter(token.get()::matches).isEmpty()) {
      candidate.ifPresent(_ -> throttle.failed(address));
      throw new RefusalException(
          SetupRefusal.TOKEN,
          "this call needs the set-up token of core.onboard.token, as Authorization: Bearer or"
              + " X-Onboard-Token");
    }
    throttle.succeeded(address);
  }

  private static Optional<String> candidate(RequestHead head) {
    return head.header("X-Onboard-Token")
        .or(
            () ->
                head.header("Authorization")
                    .filter(value -> value.startsWith(BEARER))
                    .map(value -> value.substring(BEARER.length()).strip()));
  }
}
