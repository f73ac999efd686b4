/**
 * The commands of {@code kms gov} for changes that wait and that several people decide: proposals
 * through a timelock, a Safe, or both.
 *
 * <p>Specification 22 §6. Each is a thin class over {@link dstack.kms.chain.proposal}.
 */
@NullMarked
package dstack.kms.cli.gov.proposal;

import org.jspecify.annotations.NullMarked;
