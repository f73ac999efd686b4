package dstack.kms.onboard.setup;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What the set-up listener is given beside its node and its own configuration.
 *
 * @param siteName the page's title, or empty
 * @param version of this program, as it shows itself
 * @param mainPort where the service will listen after set-up
 * @param clock for how old findings and failed attempts are
 * @param random makes a token
 */
public record Surroundings(
    String siteName, String version, int mainPort, InstantSource clock, SecureRandom random) {}
