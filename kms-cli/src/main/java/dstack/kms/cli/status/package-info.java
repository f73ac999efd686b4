/**
 * {@code kms status}: asks operations listeners whether their servers are ready and one fleet
 * (specification 00 §6 and §9).
 */
@NullMarked
package dstack.kms.cli.status;

import org.jspecify.annotations.NullMarked;
