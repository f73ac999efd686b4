/**
 * What operators and signers change on chain: each task as calls, with the facts that it changes,
 * so that it can be shown before, simulated, sent by any route and checked afterwards.
 *
 * <p>Specification 22 §2 to §6 and §9. The commands {@code kms gov} are built on it; it holds no
 * key and sends nothing.
 */
@NullMarked
package dstack.kms.chain.governance;

import org.jspecify.annotations.NullMarked;
