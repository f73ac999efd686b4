/** Chains and endpoints for the tests of this module, honest ones and others. */
@NullMarked
package dstack.kms.chain.testing;

import org.jspecify.annotations.NullMarked;
