/**
 * Images on this machine: downloaded once, kept in a folder, verified again at every use
 * (specification 17 §5.1 and §9).
 */
@NullMarked
package dstack.kms.attest.image.store;

import org.jspecify.annotations.NullMarked;
