/**
 * A connection to a TPM and what is done over it in several commands (specification 14 §8): asking
 * again when the TPM wants it, reading and writing NV indexes in chunks, loading primary keys that
 * are flushed whatever happens.
 *
 * <p>Used by {@code tpm.gcp} and {@code tpm.nsm}.
 */
@NullMarked
package dstack.kms.attest.tpm.client;

import org.jspecify.annotations.NullMarked;
