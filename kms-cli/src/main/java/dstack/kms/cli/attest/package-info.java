/**
 * {@code kms attest}: evidence of this machine from the configured source (specification 00 §6).
 */
@NullMarked
package dstack.kms.cli.attest;

import org.jspecify.annotations.NullMarked;
