package dstack.kms.onboard.peers;

import com.google.protobuf.Empty;
import dstack.kms.core.config.EndpointUrl;
import dstack.kms.core.config.OnboardConfig;
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
import java.util.Optional;

/**
 * Keeps a node that belongs to a fleet from making keys of its own while the fleet has some.
 *
 * <p>Peers are asked without any trust in them: a liar can keep a bootstrap from happening, which
 * whoever is named in the configuration can do anyway, and can allow none.
 */
public final class FleetGuard {
  private static final ClientLimits LIMITS =
      new ClientLimits(
          Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(10), 1 << 20);

  private final OnboardConfig config;
  private final TlsEngine engine;

  /** A guard for the peers and the identity that are configured. */
  public FleetGuard(OnboardConfig config, TlsEngine engine) {
    this.config = config;
    this.engine = engine;
  }

  /**
   * Refuses if new keys would not be the fleet's.
   *
   * @throws RefusalException with a {@link PeersRefusal}
   */
  public void requireNoFleet() {
    if (config.identity().isPresent()) {
      throw new RefusalException(
          PeersRefusal.IDENTITY_CONFIGURED,
          "core.onboard.identity names the keys of a fleet, which a bootstrap cannot make: take"
              + " them from one of its nodes or from a backup, or remove the setting");
    }
    if (config.peers().isEmpty()) {
      return;
    }
    try (RpcClient client = new RpcClient(engine, LIMITS)) {
      for (EndpointUrl peer : config.peers()) {
        refuseIfItHasKeys(client, peer);
      }
    }
  }

  private static void refuseIfItHasKeys(RpcClient client, EndpointUrl peer) {
    if (hasKeys(client, peer)) {
      throw new RefusalException(
          PeersRefusal.FLEET_HAS_KEYS,
          "the peer "
              + peer.display()
              + " answers as a KMS that has keys; new ones would split the fleet. Let this node"
              + " take them from its peers, or remove core.onboard.peers");
    }
  }

  /** Only a KMS with keys speaks TLS; one that refuses to say who it is has them all the same. */
  private static boolean hasKeys(RpcClient client, EndpointUrl peer) {
    RpcUrl url = RpcUrl.ofKms(peer.uri().toString());
    try (RpcConnection connection =
        client.connect(url, new ServerTrust.Unverified(), Optional.empty())) {
      GetMetaResponse meta =
          connection.call(
              "GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance());
      return !meta.getK256Pubkey().isEmpty() || !meta.getCaCert().isEmpty();
    } catch (RefusalException e) {
      return e.code() == ClientRefusal.REFUSED_BY_SERVER;
    }
  }
}
