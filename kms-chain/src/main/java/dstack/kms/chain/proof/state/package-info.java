/**
 * Accounts and their storage, proved against the state root of a verified header.
 *
 * <p>Specification 21 §8.3. What an endpoint answers is an {@code UnverifiedAccount}; only its
 * verification makes a {@code ProvenAccount}, and only that can be read.
 */
@NullMarked
package dstack.kms.chain.proof.state;

import org.jspecify.annotations.NullMarked;
