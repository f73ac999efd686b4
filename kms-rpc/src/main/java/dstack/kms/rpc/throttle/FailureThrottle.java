package dstack.kms.rpc.throttle;

import dstack.kms.rpc.http.ClientConnection;
import dstack.kms.rpc.http.ClientNetwork;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Locks an address out after failed attempts, so that guessing is slow.
 *
 * <p>After {@value #ATTEMPTS} failures within a minute every attempt from that address is turned
 * away, also a right one, until a minute has passed since the last of them. It remembers at most
 * {@value #CAPACITY} addresses and forgets the oldest first.
 */
public final class FailureThrottle {
  /** So many failures lock an address out. */
  public static final int ATTEMPTS = 10;

  /** For so long. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private static final int CAPACITY = 1024;

  private final InstantSource clock;

  // Guarded by this: event loops and virtual threads report.
  private final Map<String, Failures> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > CAPACITY;
        }
      };

  private record Failures(int count, Instant last) {
    static final Failures NONE = new Failures(0, Instant.EPOCH);
  }

  /** A throttle that knows no failure yet. */
  public FailureThrottle(InstantSource clock) {
    this.clock = clock;
  }

  /** What a client is known by: its address, of IPv6 its /64, whatever its port. */
  public static String addressOf(ClientConnection connection) {
    SocketAddress remote = connection.remote();
    return remote instanceof InetSocketAddress internet
        ? ClientNetwork.of(internet.getAddress()).prefix().hex()
        : remote.toString();
  }

  /** Whether the address has to wait. */
  public synchronized boolean locks(String address) {
    Failures known = current(address);
    return known.count >= ATTEMPTS;
  }

  /** Notes a failed attempt. */
  public synchronized void failed(String address) {
    Failures known = current(address);
    failures.remove(address);
    failures.put(address, new Failures(known.count + 1, clock.instant()));
  }

  /** Forgets the failures of an address that has shown the right credentials. */
  public synchronized void succeeded(String address) {
    failures.remove(address);
  }

  private Failures current(String address) {
    Failures known = failures.getOrDefault(address, Failures.NONE);
    boolean over = known.last.plus(WINDOW).isBefore(clock.instant());
    return over ? Failures.NONE : known;
  }
}
