/**
 * The textual armour of keys and certificates: one strict reader and one writer (specification 02
 * §5). Certificates go through {@code core.certificate}, private keys through {@code core.crypto}.
 */
@NullMarked
package dstack.kms.core.pem;

import org.jspecify.annotations.NullMarked;
