package dstack.kms.chain.transaction;

import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.ChainEndpoint;
import dstack.kms.chain.rpc.RpcClient;
import dstack.kms.chain.rpc.RpcLimits;
import dstack.kms.chain.signing.TransactionSigner;
import dstack.kms.core.config.RpcUrl;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Endpoints and senders of tests, which never wait. */
public final class TestSenders {
  /** Looks at once and often. */
  public static final Patience EAGER =
      new Patience(1, 200, Duration.ofSeconds(2), 5, Duration.ofSeconds(2));

  private static final Map<URI, Endpoint> ENDPOINTS = new ConcurrentHashMap<>();

  private TestSenders() {}

  private static Endpoint fresh(URI url) {
    return new Endpoint(
        new RpcClient(ChainEndpoint.of(RpcUrl.of(url.toString())), RpcLimits.DEFAULT));
  }

  /** The endpoint at that address, with one connection for all who ask. */
  public static Endpoint endpoint(URI url) {
    return ENDPOINTS.computeIfAbsent(url, TestSenders::fresh);
  }

  /** A sender that does not wait. */
  public static Sender sender(URI url, TransactionSigner signer) {
    return new Sender(endpoint(url), signer, EAGER, _ -> {}, _ -> {});
  }
}
