package dstack.kms.onboard.node;

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

  /** What there is to serve with, if anything. */
  static Optional<StoredKeys> of(StoredState state) {
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
