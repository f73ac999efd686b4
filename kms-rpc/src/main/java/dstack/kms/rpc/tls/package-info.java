/**
 * TLS in front of the main listener, and the evidence in client certificates (specifications 00 §9,
 * 02 §6, 90 §2).
 *
 * <p>The handshake proves the client's key and nothing else: issuer, dates, usages and signatures
 * of the certificate are not looked at. {@link dstack.kms.rpc.tls.TlsDefaults} must be applied
 * before the first TLS class is loaded.
 */
@NullMarked
package dstack.kms.rpc.tls;

import org.jspecify.annotations.NullMarked;
