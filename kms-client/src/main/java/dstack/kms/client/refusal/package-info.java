/** The codes of everything that keeps an enclave from its keys. */
@NullMarked
package dstack.kms.client.refusal;

import org.jspecify.annotations.NullMarked;
