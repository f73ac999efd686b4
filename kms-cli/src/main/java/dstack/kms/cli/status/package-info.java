/**
 * {@code kms status}: asks the operations listener of a running server whether it is ready
 * (specification 00 §6 and §9).
 */
@NullMarked
package dstack.kms.cli.status;

import org.jspecify.annotations.NullMarked;
