/**
 * Plans of governance carried out by a wallet: sent, confirmed, and read back; and the deployment
 * of the contracts themselves.
 *
 * <p>Specification 22 §3, §4, §5 and §8. The commands {@code kms gov} use it.
 */
@NullMarked
package dstack.kms.chain.operation;

import org.jspecify.annotations.NullMarked;
