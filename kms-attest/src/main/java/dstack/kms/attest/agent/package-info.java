/**
 * The guest agent as the source of this machine's evidence: where it listens, and the two questions
 * that a KMS asks it (specification 10 §8).
 *
 * <p>HTTP/1.1 over a Unix socket or TCP with a deadline for the whole exchange and a bound for
 * every part of the answer. Used by whoever starts the server.
 */
@NullMarked
package dstack.kms.attest.agent;

import org.jspecify.annotations.NullMarked;
