package dstack.kms.client.fetch;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.rpc.client.Routes;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * The machine that fetches.
 *
 * @param quotes its own evidence
 * @param routes how it reaches servers
 * @param engine of TLS
 * @param signatures verifies signatures
 * @param random makes keys
 * @param clock of certificates
 */
public record Machine(
    QuoteSource quotes,
    Routes routes,
    TlsEngine engine,
    SignatureVerifier signatures,
    SecureRandom random,
    InstantSource clock) {}
