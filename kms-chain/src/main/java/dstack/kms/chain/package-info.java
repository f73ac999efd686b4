/**
 * The public chain: who decides there, and how what it decides is changed.
 *
 * <p>Specifications 20 to 22. The packages below are, from the bottom up: bytes and calls of the
 * chain, the authorities that read it, the operations that change it. Nothing here knows evidence,
 * TLS or key material.
 */
@NullMarked
package dstack.kms.chain;

import org.jspecify.annotations.NullMarked;
