package dstack.kms.attest.issuer;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Plain GET requests to addresses that somebody else chose, or below one of the operator's, with a
 * limit on everything: scheme, host, port, the addresses that a name stands for, connection, whole
 * time, requests at a time, and 1 MiB of body. Redirects are not followed; the same address is
 * asked once at a time.
 *
 * <p>Safe for use by many threads, which wait at most the whole time.
 */
public final class BoundedFetch implements AutoCloseable {
  private static final int MAX_UNDER_WAY = 16;

  private final Function<String, IssuerAddress> rule;
  private final Limits limits;
  private final Resolver resolver;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore permits = new Semaphore(MAX_UNDER_WAY);
  private final ConcurrentMap<String, CompletableFuture<Bytes>> underWay =
      new ConcurrentHashMap<>();

  /** The time for a connection and for everything together. */
  public record Limits(Duration connect, Duration total) {
    /** Five and ten seconds. */
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(10));
  }

  /** Gives the addresses that a name stands for. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /** Fetches from these hosts. */
  public BoundedFetch(HostPatterns hosts, Reach reach, Limits limits) {
    this(hosts, reach, limits, InetAddress::getAllByName);
  }

  BoundedFetch(HostPatterns hosts, Reach reach, Limits limits, Resolver resolver) {
    this(uri -> IssuerAddress.of(uri, hosts, reach), limits, resolver);
  }

  /**
   * Fetches from these hosts, and below the address of a service that the operator named, which may
   * lie at any host and port.
   */
  public static BoundedFetch withService(
      URI service, HostPatterns hosts, Reach reach, Limits limits) {
    return withService(service, hosts, reach, limits, InetAddress::getAllByName);
  }

  static BoundedFetch withService(
      URI service, HostPatterns hosts, Reach reach, Limits limits, Resolver resolver) {
    return new BoundedFetch(
        uri ->
            IssuerAddress.below(service, uri).orElseGet(() -> IssuerAddress.of(uri, hosts, reach)),
        limits,
        resolver);
  }

  private BoundedFetch(Function<String, IssuerAddress> rule, Limits limits, Resolver resolver) {
    this.rule = rule;
    this.limits = limits;
    this.resolver = resolver;
  }

  /**
   * The body of the answer.
   *
   * @throws RefusalException {@link IssuerRefusal#ADDRESS} before anything is asked, or {@link
   *     IssuerRefusal#UNAVAILABLE}
   */
  public Bytes get(String uri) {
    IssuerAddress address = rule.apply(uri);
    CompletableFuture<Bytes> mine = new CompletableFuture<>();
    CompletableFuture<Bytes> other = underWay.putIfAbsent(uri, mine);
    if (other != null) {
      return await(uri, other);
    }
    start(uri, address, mine);
    return await(uri, mine);
  }

  private void start(String uri, IssuerAddress address, CompletableFuture<Bytes> outcome) {
    if (!permits.tryAcquire()) {
      fail(uri, outcome, unavailable(uri, "too many requests are under way"));
      return;
    }
    try {
      workers.execute(() -> run(uri, address, outcome));
    } catch (RejectedExecutionException e) {
      permits.release();
      fail(uri, outcome, unavailable(uri, "closed"));
    }
  }

  private void run(String uri, IssuerAddress address, CompletableFuture<Bytes> outcome) {
    try {
      Bytes body = fetch(address);
      underWay.remove(uri, outcome);
      outcome.complete(body);
    } catch (IOException e) {
      fail(uri, outcome, unavailable(uri, e.toString()));
    } catch (RuntimeException | Error e) {
      // The root of a worker's thread: whatever happens, those who wait must learn of it.
      fail(uri, outcome, e);
    } finally {
      permits.release();
    }
  }

  private void fail(String uri, CompletableFuture<Bytes> outcome, Throwable failure) {
    underWay.remove(uri, outcome);
    outcome.completeExceptionally(failure);
  }

  private Bytes fetch(IssuerAddress address) throws IOException {
    TimeLimit limit = TimeLimit.in(limits.total);
    InetAddress[] found = resolver.resolve(address.host());
    for (InetAddress each : found) {
      if (!address.network().admits(each)) {
        throw new IOException(address.host() + " stands for " + each.getHostAddress());
      }
    }
    if (found.length == 0) {
      throw new UnknownHostException(address.host());
    }
    return new HttpGet(address, limit, limits.connect).from(found[0]);
  }

  private Bytes await(String uri, CompletableFuture<Bytes> outcome) {
    try {
      return outcome.get(limits.total.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusalException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("fetching failed", e.getCause());
    } catch (TimeoutException e) {
      throw unavailable(uri, "no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(uri, "interrupted");
    }
  }

  private static RefusalException unavailable(String uri, String how) {
    return IssuerRefusal.UNAVAILABLE.refuse(
        "an issuer's document cannot be fetched", uri + ": " + how);
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
