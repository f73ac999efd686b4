package dstack.kms.onboard.backup;

import com.google.protobuf.Empty;
import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.client.ClientLimits;
import dstack.kms.rpc.client.ClientRefusal;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcConnection;
import dstack.kms.rpc.client.RpcUrl;
import dstack.kms.rpc.client.ServerTrust;
import dstack.kms.rpc.proto.GetMetaResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether a node of the fleet is alive. Any answer over TLS counts, also a refusal or nonsense: a
 * node that has no keys listens without TLS. Only silence says that nobody is there.
 */
record LivePeers(List<EndpointUrl> peers, TlsEngine engine) {
  private static final ClientLimits LIMITS =
      new ClientLimits(
          Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(10), 1 << 20);

  /** Refuses if one is. */
  void refuse() {
    if (peers.isEmpty()) {
      return;
    }
    try (RpcClient client = new RpcClient(engine, LIMITS)) {
      for (EndpointUrl peer : peers) {
        if (isAlive(client, peer)) {
          throw new RefusalException(
              BackupRefusal.LIVE_PEER,
              "the KMS at "
                  + peer.display()
                  + " is alive: take the keys from it (Onboard.Onboard). Restoring beside it can"
                  + " make two fleets, whose applications cannot read each other's data; if that"
                  + " is wanted, say beside_live_fleet (--beside-live-fleet)");
        }
      }
    }
  }

  private static boolean isAlive(RpcClient client, EndpointUrl peer) {
    try (RpcConnection connection =
        client.connect(
            RpcUrl.ofKms(peer.display()), new ServerTrust.Unverified(), Optional.empty())) {
      GetMetaResponse meta =
          connection.call(
              "GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance());
      // Whoever serves this has keys, whatever it says they are.
      return meta.isInitialized();
    } catch (RefusalException e) {
      return e.code() != ClientRefusal.UNREACHABLE;
    }
  }
}
