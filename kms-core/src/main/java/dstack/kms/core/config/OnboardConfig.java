package dstack.kms.core.config;

import java.util.Optional;

/**
 * Setting the server up: {@code [core.onboard]}.
 *
 * @param enabled whether a server without keys may be set up
 * @param autoBootstrapDomain the domain for which keys are made without being asked
 * @param listen where the set-up listener listens
 * @param limits how long a body may be
 * @param token what every changing call must show, if set
 */
public record OnboardConfig(
    boolean enabled,
    Optional<String> autoBootstrapDomain,
    ListenAddress listen,
    BodyLimits limits,
    Optional<TokenDigest> token) {

  static OnboardConfig read(Section onboard) {
    return new OnboardConfig(
        onboard.flag("enabled", true),
        onboard.optionalText("auto_bootstrap_domain"),
        onboard.listener("0.0.0.0", 8000),
        BodyLimits.read(onboard.table("limits"), BodyLimits.ONBOARD_METHODS),
        onboard.tokenUnlessAbsent("token"));
  }
}
