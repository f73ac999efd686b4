/**
 * What happened to the contracts: their events read to words, followed block by block through
 * reorganisations and outages, and the lists that they add up to.
 *
 * <p>Specifications 20 §2.2, §3, §7 and §8, 22 §6. An endpoint that leaves events out is not found
 * by this; what counts is read from the contracts. The commands {@code kms gov watch} and {@code
 * kms gov audit} use it.
 */
@NullMarked
package dstack.kms.chain.watch;

import org.jspecify.annotations.NullMarked;
