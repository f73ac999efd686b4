package dstack.kms.onboard.peers;

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
 * Finds out whether a node of the fleet has keys. Any answer over TLS counts, also a refusal or
 * nonsense: a node without keys listens without TLS. Only silence, or an answer in the clear, says
 * that there are none.
 *
 * <p>Peers are asked without any trust in them: a liar can keep keys from being made or restored,
 * which whoever is named in the configuration can do anyway, and can allow none.
 */
public record PeerProbe(List<EndpointUrl> peers, TlsEngine engine) {
  private static final ClientLimits LIMITS =
      new ClientLimits(
          Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(10), 1 << 20);

  /** The peers are asked in this order. */
  public PeerProbe {
    peers = List.copyOf(peers);
  }

  /** The first peer that has keys. */
  public Optional<EndpointUrl> findKeys() {
    if (peers.isEmpty()) {
      return Optional.empty();
    }
    try (RpcClient client = new RpcClient(engine, LIMITS)) {
      return peers.stream().filter(peer -> hasKeys(client, peer)).findFirst();
    }
  }

  private static boolean hasKeys(RpcClient client, EndpointUrl peer) {
    RpcUrl url = RpcUrl.ofKms(peer.uri().toString());
    try (RpcConnection connection =
        client.connect(url, new ServerTrust.Unverified(), Optional.empty())) {
      GetMetaResponse meta =
          connection.call(
              "GetMeta", Empty.getDefaultInstance(), GetMetaResponse.getDefaultInstance());
      // Whoever serves this has keys, whatever it says they are.
      return meta.isInitialized();
    } catch (RefusalException e) {
      return e.code() != ClientRefusal.UNREACHABLE && e.code() != ClientRefusal.NOT_TLS;
    }
  }
}
