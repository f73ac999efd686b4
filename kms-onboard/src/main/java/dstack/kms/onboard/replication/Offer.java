package dstack.kms.onboard.replication;

import dstack.kms.core.bytes.Digests;
import java.util.Map;

/**
 * Keys that may be taken over; closing erases them.
 *
 * @param source from whom
 * @param rootCaPem the source's text of the root CA certificate
 * @param tempCaPem the source's text of the temp CA certificate
 * @param keys proven to be the source's own
 */
record Offer(AuthorizedSource source, String rootCaPem, String tempCaPem, SourceKeys keys)
    implements AutoCloseable {
  /** What the audit log says about them. */
  Map<String, String> facts() {
    return Map.of(
        "source_key_sha256",
        Digests.sha256(source.source().certificate().spki()).hex(),
        "ca_pubkey_sha256",
        Digests.sha256(keys.rootCa().publicKey().subjectPublicKeyInfo()).hex(),
        "k256_pubkey",
        keys.k256().publicKey().compressed().hex());
  }

  @Override
  public void close() {
    keys.close();
  }
}
