package dstack.kms.onboard.node;

import dstack.kms.core.authority.AuthorityMaker;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What a node is given beside its configuration.
 *
 * @param clock tells certificates, signatures and collateral the time
 * @param random makes keys
 * @param version of this program, {@code 1.2.3}; sent to a webhook
 * @param longVersion with the commit, {@code v1.2.3 (git:…)}; on every answer of the main listener
 * @param authorities makes the authority that the configuration names
 */
public record NodeContext(
    InstantSource clock,
    SecureRandom random,
    String version,
    String longVersion,
    AuthorityMaker authorities) {}
