package dstack.kms.onboard.replication;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.Certificates;
import dstack.kms.core.certificate.Pem;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.refusal.Step;
import dstack.kms.onboard.certificates.KeyEvidence;
import dstack.kms.rpc.tls.TlsIdentity;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * The client certificate that this node shows an authorized source: a fresh key for each attempt,
 * evidence over it, and the source's temp CA as the issuer, which older sources insist on.
 */
final class OwnCertificate {
  private final Certificates certificates;
  private final KeyEvidence evidence;
  private final SecureRandom random;
  private final OwnKeys own;

  OwnCertificate(QuoteSource quotes, SecureRandom random, InstantSource clock, OwnKeys own) {
    certificates = new Certificates(clock);
    evidence = new KeyEvidence(quotes, "Failed to get quote");
    this.random = random;
    this.own = own;
  }

  /** A new one; the engine keeps its key until the connection has ended. */
  TlsIdentity under(SourceIdentity source) {
    try (P256PrivateKey key = P256PrivateKey.generate(random)) {
      own.add(key.publicKey());
      Bytes attested = evidence.over(key.publicKey());
      return Step.named(
          "Failed to sign certificate",
          () ->
              TlsIdentity.of(
                  Pem.decode(certificates.tempClient(source.tempCa(), key.publicKey(), attested)),
                  key));
    }
  }
}
