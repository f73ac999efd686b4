/**
 * {@code kms auth-api}: answers other nodes whether a workload may have keys, over HTTP as the
 * original's service does (specification 21 §3).
 *
 * <p>Routes, bodies, what its validator takes and what it makes of it are those of the original;
 * the decision comes from the authority that the configuration names. Only the command line builds
 * these.
 */
@NullMarked
package dstack.kms.cli.authapi;

import org.jspecify.annotations.NullMarked;
