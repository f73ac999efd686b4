/**
 * What the server counts, as Prometheus text (specification 04 §10).
 *
 * <p>Label values come from closed sets only: method tables, enums, names given at start. Nothing
 * that a client sends becomes a label. Listeners report here; the operations and main listeners
 * show it.
 */
@NullMarked
package dstack.kms.rpc.metrics;

import org.jspecify.annotations.NullMarked;
