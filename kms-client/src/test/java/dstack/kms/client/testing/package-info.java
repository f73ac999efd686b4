/** A KMS that can be made to lie, and an enclave that must notice. */
@org.jspecify.annotations.NullMarked
package dstack.kms.client.testing;
