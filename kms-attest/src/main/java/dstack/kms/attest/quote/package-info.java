/**
 * The byte layout of SGX and TDX quotes (specification 11 §1–§3).
 *
 * <p>Nothing here is checked for truth: what comes out is {@link
 * dstack.kms.attest.quote.UnverifiedQuote}, and only {@code attest.dcap} turns it into a verified
 * quote. Every package that handles evidence may parse.
 */
@NullMarked
package dstack.kms.attest.quote;

import org.jspecify.annotations.NullMarked;
