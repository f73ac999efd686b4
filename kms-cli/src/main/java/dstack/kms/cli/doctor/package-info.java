/**
 * {@code kms doctor}: what a host or a confidential VM lacks, found before a server is started on
 * it (specification 00 §6, 23 §12).
 *
 * <p>Each check looks at one thing, changes nothing that stays, and says what to do. None of them
 * is a decision: the server checks for itself.
 */
@NullMarked
package dstack.kms.cli.doctor;

import org.jspecify.annotations.NullMarked;
