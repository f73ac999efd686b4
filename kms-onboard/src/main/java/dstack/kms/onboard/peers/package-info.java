/**
 * A node without keys gets them back from the nodes of its fleet, without hands.
 *
 * <p>{@link dstack.kms.onboard.peers.PeerRecovery} tries the configured peers until one hands its
 * keys over; {@link dstack.kms.onboard.peers.FleetGuard} keeps a bootstrap from splitting the
 * fleet. How keys are taken from one node is the caller's. Used by the node's life.
 */
@NullMarked
package dstack.kms.onboard.peers;

import org.jspecify.annotations.NullMarked;
