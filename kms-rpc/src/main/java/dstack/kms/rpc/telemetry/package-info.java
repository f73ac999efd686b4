/**
 * Spans of requests and their stages, sent to an OpenTelemetry collector by OTLP over HTTP in its
 * JSON form. Off unless configured.
 *
 * <p>Sending never holds a request up: what does not fit the queue is dropped and counted. A span
 * names methods, statuses and durations, never identities or secrets. Built by the node's life
 * cycle.
 */
@NullMarked
package dstack.kms.rpc.telemetry;

import org.jspecify.annotations.NullMarked;
