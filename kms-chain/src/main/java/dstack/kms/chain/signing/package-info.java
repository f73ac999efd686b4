/**
 * Transactions as bytes, and who signs them: a key of this process, a key file, or a signer
 * outside.
 *
 * <p>Specification 22 §8. Nothing that a signer returns is believed: the signature is put on our
 * own bytes, and must be the expected account's. Keys come from files, variables or the terminal,
 * never from the command line, and live in {@code Secret}.
 */
@NullMarked
package dstack.kms.chain.signing;

import org.jspecify.annotations.NullMarked;
