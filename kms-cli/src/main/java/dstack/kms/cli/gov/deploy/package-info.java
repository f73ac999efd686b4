/**
 * {@code kms gov deploy}: the contracts of a KMS and of those who govern it, under one of the
 * models A, B and C (specifications 20 §9 and 22 §3).
 */
@NullMarked
package dstack.kms.cli.gov.deploy;

import org.jspecify.annotations.NullMarked;
