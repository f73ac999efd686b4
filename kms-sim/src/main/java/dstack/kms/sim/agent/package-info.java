/**
 * A guest agent on a Unix-domain socket that answers for one simulated guest (specification 10 §8):
 * Attest, GetQuote, Info and Version in JSON and protobuf over HTTP/1.1.
 *
 * <p>Programs of others talk to it, so it keeps to the wire of the original and to bounds of its
 * own. Only {@code kms dev}, {@code kms sim} and tests may use it.
 */
@NullMarked
package dstack.kms.sim.agent;

import org.jspecify.annotations.NullMarked;
