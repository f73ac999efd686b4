/**
 * The stages of an answer and who is told how long each took (specification 41 §1, "How").
 *
 * <p>Whoever does the work of a stage reports it here; metrics and traces listen. An observer never
 * changes what happens.
 */
@NullMarked
package dstack.kms.rpc.stage;

import org.jspecify.annotations.NullMarked;
