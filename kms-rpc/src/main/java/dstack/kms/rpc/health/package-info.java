/**
 * Whether this node lives and whether it is ready, and the listener that says so (specification 00
 * §9).
 *
 * <p>The operations listener is up from the first second in every state. Only the node's life cycle
 * builds these.
 */
@NullMarked
package dstack.kms.rpc.health;

import org.jspecify.annotations.NullMarked;
