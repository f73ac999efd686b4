/**
 * The devices and files from which a confidential guest gets evidence about itself without a guest
 * agent (specification 13): system calls by JNA with results and error numbers as values, and the
 * files that a quote is sent with.
 *
 * <p>Nothing in here is opened unless the operator chose a native source. Used by the quote
 * sources.
 */
@NullMarked
package dstack.kms.attest.device;

import org.jspecify.annotations.NullMarked;
