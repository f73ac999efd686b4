/**
 * The node's own certificates: made at set-up, refreshed at every start (specifications 02 §5, 04
 * §3.3).
 *
 * <p>The server's certificate carries fresh evidence over its key; without it the node does not
 * start. Used by the set-up service and by the node's start.
 */
@NullMarked
package dstack.kms.onboard.certificates;

import org.jspecify.annotations.NullMarked;
