/**
 * Evidence of Intel TDX guests: DCAP verification of the quote, the policy on trust domains, and
 * the binding of events and report data to it (specifications 10 §7, 11, 12).
 */
@NullMarked
package dstack.kms.attest.tdx;

import org.jspecify.annotations.NullMarked;
