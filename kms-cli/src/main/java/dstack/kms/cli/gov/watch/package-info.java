/**
 * {@code kms gov watch} and {@code kms gov audit}: what happens to the policy on chain, and what it
 * adds up to (specification 22 §6).
 */
@NullMarked
package dstack.kms.cli.gov.watch;

import org.jspecify.annotations.NullMarked;
