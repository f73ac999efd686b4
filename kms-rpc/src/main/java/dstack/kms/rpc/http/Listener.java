package dstack.kms.rpc.http;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything about one listener.
 *
 * @param name for threads and the log
 * @param address where to listen; port 0 takes a free one
 * @param routes what it serves
 * @param tls in front of it; empty for plain HTTP
 * @param limits what it grants
 * @param headers on every answer, errors included
 * @param observer is told what happens
 */
public record Listener(
    String name,
    InetSocketAddress address,
    HttpRoutes routes,
    Optional<TlsFront> tls,
    HttpLimits limits,
    Map<String, String> headers,
    HttpObserver observer) {
  public Listener {
    headers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** A plain listener with the small limits, no fixed headers and nobody listening. */
  public static Listener plain(String name, InetSocketAddress address, HttpRoutes routes) {
    return new Listener(
        name, address, routes, Optional.empty(), HttpLimits.SMALL, Map.of(), HttpObserver.NONE);
  }

  /** The same listener behind TLS. */
  public Listener behind(TlsFront front) {
    return new Listener(name, address, routes, Optional.of(front), limits, headers, observer);
  }

  /** The same listener with other limits. */
  public Listener within(HttpLimits other) {
    return new Listener(name, address, routes, tls, other, headers, observer);
  }

  /** The same listener with these headers on every answer. */
  public Listener answeringWith(Map<String, String> fixed) {
    return new Listener(name, address, routes, tls, limits, fixed, observer);
  }

  /** The same listener with somebody listening. */
  public Listener observedBy(HttpObserver other) {
    return new Listener(name, address, routes, tls, limits, headers, other);
  }
}
