package dstack.kms.rpc.client;

import dstack.kms.core.bytes.Bytes;

/** What a server's certificate must be before anything is sent to it. */
public sealed interface ServerTrust {
  /** Anything: the caller inspects the certificate itself, or asks only for what is public. */
  record Unverified() implements ServerTrust {}

  /**
   * Issued under this CA and no other, and made out to the host in the URL.
   *
   * @param certificateDer the CA's certificate
   */
  record RootCa(Bytes certificateDer) implements ServerTrust {}

  /**
   * Of exactly this key.
   *
   * @param spki the DER subject public key info
   */
  record PinnedKey(Bytes spki) implements ServerTrust {}
}
