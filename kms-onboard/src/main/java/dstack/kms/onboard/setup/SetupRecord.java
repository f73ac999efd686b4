package dstack.kms.onboard.setup;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.onboard.certificates.RpcDomain;
import java.util.Optional;

/**
 * What this listener has accomplished. Immutable; a new one replaces it.
 *
 * @param domain for which this node was given its keys
 * @param sourceKey the k256 public key of the node that they were taken from
 */
record SetupRecord(Optional<RpcDomain> domain, Optional<Bytes> sourceKey) {
  static final SetupRecord NOTHING = new SetupRecord(Optional.empty(), Optional.empty());
}
