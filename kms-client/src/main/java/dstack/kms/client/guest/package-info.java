/**
 * What guests make of their keys (specification 03 §4 and §7): sub-keys with the signatures that
 * lead from them to the root, and the environment that somebody encrypted for them.
 */
@NullMarked
package dstack.kms.client.guest;

import org.jspecify.annotations.NullMarked;
