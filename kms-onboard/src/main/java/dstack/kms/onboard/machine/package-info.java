/**
 * What this machine says about itself: evidence made for one question and verified as anybody else
 * would verify it (specification 04 §7.3). Used wherever an authority is asked about this node.
 */
@NullMarked
package dstack.kms.onboard.machine;

import org.jspecify.annotations.NullMarked;
