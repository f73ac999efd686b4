/**
 * What the commands of {@code kms gov} have in common: which chain, which contract, whose key, and
 * how far to go.
 *
 * <p>Specification 22 §1, §6 and §8. Keys come from key files, variables, or signers outside; never
 * from the command line.
 */
@NullMarked
package dstack.kms.cli.gov.option;

import org.jspecify.annotations.NullMarked;
