package dstack.kms.onboard.setup;

import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.StoredState;
import java.util.Optional;

/**
 * Reads back from the store which keys this node has, and verifies the evidence that was made over
 * them as anybody else would.
 */
public final class StoredIdentity {
  private final KeyStore store;
  private final AttestationVerifier verifier;

  /**
   * @param store holds the keys
   * @param verifier of the evidence over them
   */
  public StoredIdentity(KeyStore store, AttestationVerifier verifier) {
    this.store = store;
    this.verifier = verifier;
  }

  /** The public keys; empty while there is no complete set. */
  public Optional<NodeIdentity> read() {
    if (!store.hasKeys()) {
      return Optional.empty();
    }
    return switch (store.read(Optional.empty())) {
      case StoredState.Empty _ -> Optional.empty();
      case StoredState.Complete(var material) ->
          Optional.of(of(material.keys(), material.bootstrapInfo()));
      case StoredState.CertificatesMissing missing ->
          Optional.of(of(missing.keys(), missing.bootstrapInfo()));
    };
  }

  private NodeIdentity of(KeySet keys, Optional<BootstrapInfo> info) {
    try (keys;
        P256PrivateKey ca = P256PrivateKey.fromPkcs8Pem(keys.rootCa());
        Secp256k1PrivateKey k256 = Secp256k1PrivateKey.ofScalar(keys.k256())) {
      KeyStatement stored = new KeyStatement(ca.publicKey(), k256.publicKey());
      NodeIdentity identity =
          new NodeIdentity(
              stored.ca().subjectPublicKeyInfo(),
              stored.k256().compressed(),
              true,
              "The stored private keys belong to these public keys.");
      return info.map(published -> withEvidence(identity, stored, published)).orElse(identity);
    }
  }

  private NodeIdentity withEvidence(
      NodeIdentity identity, KeyStatement stored, BootstrapInfo published) {
    boolean same =
        published.caPubkey().equals(identity.caPubkey())
            && published.k256Pubkey().equals(identity.k256Pubkey());
    if (!same) {
      return identity.and(false, "What Bootstrap published is about other keys.");
    }
    try {
      UnverifiedAttestation claimed = UnverifiedAttestation.decode(published.attestation());
      boolean bound = verifier.verify(claimed).reportData().equals(stored.reportData());
      return bound
          ? identity.and(
              true, "The attestation verifies, and its report data is that of these two keys.")
          : identity.and(false, "The attestation is over something else than these two keys.");
    } catch (RefusalException e) {
      return identity.and(false, "The attestation does not verify: " + e.text() + ".");
    }
  }
}
