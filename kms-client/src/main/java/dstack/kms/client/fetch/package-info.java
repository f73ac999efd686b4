/**
 * Fetches the keys of an application from a KMS, as an enclave does when it starts (specifications
 * 15 §7, 02 §8; ADR 0019): verify the KMS, attest, fetch, verify what came; over several servers
 * and within one deadline.
 *
 * <p>{@link dstack.kms.client.fetch.KeyFetch} is the entry; {@code kms get-keys} and programs of
 * the JVM call it.
 */
@NullMarked
package dstack.kms.client.fetch;

import org.jspecify.annotations.NullMarked;
