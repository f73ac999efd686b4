/**
 * The main listener as an OpenAPI 3.1 document, made from the descriptors of its messages and the
 * JSON mapping of specification 01 §4.
 *
 * <p>The operations listener serves it and {@code kms openapi} prints it. The main listener does
 * not: it has the original's paths and no other.
 */
@NullMarked
package dstack.kms.rpc.openapi;

import org.jspecify.annotations.NullMarked;
