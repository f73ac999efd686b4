/**
 * Changes of the policy that are proposed before they are made: the file that travels between the
 * people who decide, what it means, and the steps from proposal to execution.
 *
 * <p>Specification 22 §6 and 20 §9, models B (timelock) and C (Safe and timelock). The commands of
 * {@code kms gov} use it.
 */
@NullMarked
package dstack.kms.chain.proposal;

import org.jspecify.annotations.NullMarked;
