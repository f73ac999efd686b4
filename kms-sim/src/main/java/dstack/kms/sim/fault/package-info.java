/**
 * The ways in which the simulated platform can lie, one constant each, for attack tests
 * (specification 40).
 *
 * <p>Each sealed kind changes one of the recipes that evidence and collateral are made from, before
 * or after signing. What a verifier must answer stands in the tests, not here.
 */
@NullMarked
package dstack.kms.sim.fault;

import org.jspecify.annotations.NullMarked;
