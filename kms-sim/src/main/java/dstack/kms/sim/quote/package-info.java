/**
 * Makes quotes with real signatures: TDX version 4 and 5, SGX version 3 (specification 11 §1–3).
 *
 * <p>The bytes are laid out here from the specification's tables, independently of the parser that
 * verifies them. Only {@code kms dev}, {@code kms sim} and tests may use it.
 */
@NullMarked
package dstack.kms.sim.quote;

import org.jspecify.annotations.NullMarked;
