package dstack.kms.onboard.setup;

import dstack.kms.core.config.OnboardConfig;
import dstack.kms.core.config.TokenDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token of this set-up: the configured one, or one made now and printed once. */
final class SetupToken {
  private static final Logger log = LoggerFactory.getLogger(SetupToken.class);
  private static final int BYTES = 16;

  private SetupToken() {}

  /** What changing calls must show, if anything. A made token is kept as its digest only. */
  static Optional<TokenDigest> of(OnboardConfig config, SecureRandom random) {
    if (!config.generateToken()) {
      return config.token();
    }
    byte[] fresh = new byte[BYTES];
    random.nextBytes(fresh);
    String token = HexFormat.of().formatHex(fresh);
    // The one secret that belongs into the log: whoever may read that may set the node up.
    log.info("set-up token for this start: {}", token);
    return Optional.of(TokenDigest.ofToken(token));
  }
}
