/**
 * The devices of an Intel TDX guest: TDREPORT, the host's quote service over vsock, run-time
 * registers, and the choice between the ways to a quote (specification 13 §2–§6). Used by the quote
 * sources.
 */
@NullMarked
package dstack.kms.attest.device.tdx;

import org.jspecify.annotations.NullMarked;
