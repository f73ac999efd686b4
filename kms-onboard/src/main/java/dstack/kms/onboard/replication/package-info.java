/**
 * Taking the root keys of another node over (specification 04 §4.3, T-19).
 *
 * <p>The source's evidence is verified and authorized, its key is pinned, and what arrives is
 * checked against its identity before it is stored. Used by the set-up service and by the recovery
 * from peers.
 */
@NullMarked
package dstack.kms.onboard.replication;

import org.jspecify.annotations.NullMarked;
