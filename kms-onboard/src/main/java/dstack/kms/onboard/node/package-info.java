/**
 * The life of the server process, from its configuration to its end (specification 04 §2).
 *
 * <p>{@link dstack.kms.onboard.node.NodeRunner} wires every part and moves through the states of
 * {@link dstack.kms.onboard.node.NodeState}. Used by the program's commands and by tests.
 */
@NullMarked
package dstack.kms.onboard.node;

import org.jspecify.annotations.NullMarked;
