package dstack.kms.core.store;

import java.util.Optional;

/** What a directory holds. */
public sealed interface StoredState {
  /** No set of keys; set-up may make one. */
  record Empty() implements StoredState {}

  /** A complete set. */
  record Complete(KeyMaterial material) implements StoredState {}

  /**
   * All keys, but not every certificate: left by a set-up of the original that was interrupted. The
   * certificates can be made again from the keys (specification 04 §3.3).
   *
   * @param keys the private keys
   * @param domain the domain for the server's own certificate
   * @param bootstrapInfo what Bootstrap answered
   */
  record CertificatesMissing(KeySet keys, String domain, Optional<BootstrapInfo> bootstrapInfo)
      implements StoredState {}
}
