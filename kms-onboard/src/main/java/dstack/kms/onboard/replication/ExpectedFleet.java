package dstack.kms.onboard.replication;

import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.proto.GetMetaResponse;
import java.util.Optional;

/**
 * The fleet that this node is to become a part of, as far as it knows it. Asked before this node
 * says anything about itself.
 *
 * @param identity the root k256 public key, if it is configured
 * @param network where this node's policy lies
 */
record ExpectedFleet(Optional<Bytes> identity, AuthorityInfo network) {
  /** Refuses a source of another fleet. */
  void require(GetMetaResponse meta) {
    requireIdentity(Bytes.of(meta.getK256Pubkey().toByteArray()));
    if (meta.hasChainId() && network.chainId().filter(id -> id != meta.getChainId()).isPresent()) {
      throw otherNetwork(
          "chain " + Long.toUnsignedString(meta.getChainId()), "chain " + network.chainId().get());
    }
    Optional<String> own = network.contractAddress().filter(address -> !address.isEmpty());
    boolean known = own.isPresent() && !meta.getKmsContractAddress().isEmpty();
    if (known && !own.get().equalsIgnoreCase(meta.getKmsContractAddress())) {
      throw otherNetwork(
          "contract " + Said.shown(meta.getKmsContractAddress()), "contract " + own.get());
    }
  }

  private void requireIdentity(Bytes k256) {
    if (identity.filter(expected -> !expected.equals(k256)).isPresent()) {
      throw new RefusalException(
          ReplicationRefusal.OTHER_IDENTITY,
          "the source is a KMS of another identity: its k256 public key is "
              + Said.shown(k256.hex())
              + ", core.onboard.identity is "
              + identity.get());
    }
  }

  private static RefusalException otherNetwork(String theirs, String ours) {
    return new RefusalException(
        ReplicationRefusal.OTHER_NETWORK,
        "the source follows another network: " + theirs + ", this node " + ours);
  }
}
