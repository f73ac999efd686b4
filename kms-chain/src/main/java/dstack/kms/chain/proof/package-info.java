/**
 * What a contract's storage holds, proved by a block's hash alone.
 *
 * <p>Specification 21 §8.3. Whoever answers is believed nothing: a header must have the trusted
 * hash, every trie node the hash that the node above names, and the contract's rules are evaluated
 * here over the values so proved. The packages below are, from the bottom up: the encoding, tries,
 * headers, accounts, policy. Used by the authorities of this module.
 */
@NullMarked
package dstack.kms.chain.proof;

import org.jspecify.annotations.NullMarked;
