package dstack.kms.rpc.http;

import dstack.kms.core.bytes.Bytes;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** One client connection, and what was found out about it while it lasts. */
public final class ClientConnection {
  private final SocketAddress remote;
  private final Optional<Bytes> certificate;
  private final Map<Class<?>, Object> findings = new ConcurrentHashMap<>();

  /**
   * @param remote the client's address
   * @param certificate the DER of the certificate whose key the client proved in the handshake
   */
  public ClientConnection(SocketAddress remote, Optional<Bytes> certificate) {
    this.remote = remote;
    this.certificate = certificate;
  }

  /** The client's address. */
  public SocketAddress remote() {
    return remote;
  }

  /** The DER of the certificate whose key the client proved in this connection's handshake. */
  public Optional<Bytes> certificate() {
    return certificate;
  }

  /** The one finding of that type about this connection, made at the first call. */
  public <T> T finding(Class<T> type, Function<ClientConnection, T> make) {
    return finding(type, make, _ -> true);
  }

  /** The same, made again when the one that is known does not hold any more. */
  public <T> T finding(Class<T> type, Function<ClientConnection, T> make, Predicate<T> holds) {
    return type.cast(
        findings.compute(
            type,
            (_, known) ->
                known != null && holds.test(type.cast(known)) ? known : make.apply(this)));
  }
}
