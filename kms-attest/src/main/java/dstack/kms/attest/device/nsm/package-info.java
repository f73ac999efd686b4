/**
 * The Nitro security module of an AWS Nitro enclave (specification 15 §6). Used by the quote
 * sources.
 */
@NullMarked
package dstack.kms.attest.device.nsm;

import org.jspecify.annotations.NullMarked;
