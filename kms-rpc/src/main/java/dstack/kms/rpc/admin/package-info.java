/**
 * The operators' listener: who may use it and what it does (specifications 01 §7, 04 §6).
 *
 * <p>Every request is authenticated before it is routed. Built by the node's life cycle; the cache
 * is also used by the method of the older states on the main listener.
 */
@NullMarked
package dstack.kms.rpc.admin;

import org.jspecify.annotations.NullMarked;
