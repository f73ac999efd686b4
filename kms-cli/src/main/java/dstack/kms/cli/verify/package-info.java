/**
 * {@code kms verify}: shows what a quote or an attestation proves, by the same code that releases
 * keys (specification 00 §6; 10, 11 and 12 for what is verified).
 */
@NullMarked
package dstack.kms.cli.verify;

import org.jspecify.annotations.NullMarked;
