/**
 * Setting a node up that has no keys: the Onboard service, its plain HTTP listener and
 * auto-bootstrap (specifications 04 §4, 00 §9).
 *
 * <p>What changes state is answered to POST only, refused to a foreign origin and guarded by the
 * set-up token if there is one. Used by the node's start only.
 */
@NullMarked
package dstack.kms.onboard.setup;

import org.jspecify.annotations.NullMarked;
