/** A software TPM as a process, and doubles of one; for tests only. */
@org.jspecify.annotations.NullMarked
package dstack.kms.attest.tpm.software;
