/**
 * Which KMS an enclave takes keys from (specifications 02 §8, 15 §7, 40 T-19): a pinned root CA, a
 * pinned root k256 key, evidence and the word of an authority, or several of these together; never
 * nothing unless somebody says so openly.
 */
@NullMarked
package dstack.kms.client.trust;

import org.jspecify.annotations.NullMarked;
