/**
 * TLS clients that do what no TLS library lets them do (T-36): they keep the keys and transcripts
 * of a real handshake and send any message at any moment, under any keys or none.
 */
@NullMarked
package dstack.kms.rpc.tls.hostile;

import org.jspecify.annotations.NullMarked;
