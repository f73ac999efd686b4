/**
 * A provisioning certificate caching service on loopback that serves the simulated platform's
 * collateral with the URLs and headers of the real one (specification 11 §5), and at the same
 * address the documents of the other makers: certificates and revocation lists of Google's and
 * Amazon's, and AMD's key distribution service (specification 14–16).
 *
 * <p>It can be told to misbehave, for tests of hostile and broken services. Only {@code kms dev},
 * {@code kms sim} and tests may use it.
 */
@NullMarked
package dstack.kms.sim.pccs;

import org.jspecify.annotations.NullMarked;
