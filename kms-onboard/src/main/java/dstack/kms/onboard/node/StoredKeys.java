package dstack.kms.onboard.node;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.KmsConfig;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.StoredState;
import dstack.kms.onboard.certificates.RpcDomain;
import java.util.Optional;

/**
 * The keys that a node can serve with; closing erases this copy.
 *
 * @param keys the private keys
 * @param certificates as stored; empty if one of them is missing
 * @param domain for the server's certificate
 * @param info what Bootstrap answered
 */
record StoredKeys(
    KeySet keys,
    Optional<CertificateSet> certificates,
    RpcDomain domain,
    Optional<BootstrapInfo> info)
    implements AutoCloseable {

  /** What there is to serve with in the store of these parts, if anything. */
  static Optional<StoredKeys> in(NodeParts parts) {
    try {
      return of(parts.store().read(parts.config().onboard().autoBootstrapDomain()));
    } catch (RefusalException e) {
      throw e.within("Failed to initialize KMS state");
    }
  }

  /** Refuses keys of another fleet than the one that the configuration names, if it names one. */
  void requireIdentity(KmsConfig config) {
    if (config.onboard().identity().isEmpty()) {
      return;
    }
    Bytes expected = config.onboard().identity().get();
    try (Secp256k1PrivateKey root = Secp256k1PrivateKey.ofScalar(keys.k256())) {
      Bytes found = root.publicKey().compressed();
      if (!found.equals(expected)) {
        throw new RefusalException(
            NodeRefusal.IDENTITY,
            "the keys in "
                + config.certDir()
                + " have the identity "
                + found.hex()
                + ", but core.onboard.identity is "
                + expected.hex());
      }
    }
  }

  private static Optional<StoredKeys> of(StoredState state) {
    return switch (state) {
      case StoredState.Empty _ -> Optional.empty();
      case StoredState.Complete complete ->
          Optional.of(
              new StoredKeys(
                  complete.material().keys(),
                  Optional.of(complete.material().certificates()),
                  RpcDomain.stored(complete.material().domain()),
                  complete.material().bootstrapInfo()));
      case StoredState.CertificatesMissing missing ->
          Optional.of(
              new StoredKeys(
                  missing.keys(),
                  Optional.empty(),
                  RpcDomain.stored(missing.domain()),
                  missing.bootstrapInfo()));
    };
  }

  @Override
  public void close() {
    keys.close();
  }
}
