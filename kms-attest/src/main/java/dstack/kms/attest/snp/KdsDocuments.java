package dstack.kms.attest.snp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The documents of one kind: those that were verified are kept, those that are under way are
 * fetched once for all who wait, those that failed are left alone for a while.
 *
 * @param <K> what names a document
 */
final class KdsDocuments<K> {
  private static final int FAILURES = 4096;

  private final Cache<K, Bytes> kept;
  private final Cache<K, Failure> failed =
      Caffeine.newBuilder().maximumSize(FAILURES).executor(Runnable::run).build();
  private final ConcurrentMap<K, CompletableFuture<Bytes>> running = new ConcurrentHashMap<>();
  private final Semaphore permits;
  private final Duration backOff;
  private final InstantSource clock;

  /**
   * @param permits shared by all kinds: how many requests may be under way
   */
  KdsDocuments(int capacity, Semaphore permits, Duration backOff, InstantSource clock) {
    this.kept = Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
    this.permits = permits;
    this.backOff = backOff;
    this.clock = clock;
  }

  private record Failure(RefusalException refusal, Instant at) {}

  /** The document that is kept, or else what the fetch brings. */
  Bytes get(K key, Supplier<Bytes> fetch, KdsDeadline deadline) {
    Bytes known = kept.getIfPresent(key);
    if (known != null) {
      return known;
    }
    requireNoFailure(key);
    return await(start(key, fetch), deadline);
  }

  void keep(K key, Bytes document) {
    kept.put(key, document);
    failed.invalidate(key);
  }

  void fail(K key, RefusalException refusal) {
    failed.put(key, new Failure(refusal, clock.instant()));
  }

  private void requireNoFailure(K key) {
    Failure failure = failed.getIfPresent(key);
    Instant now = clock.instant();
    if (failure != null && !now.isBefore(failure.at) && now.isBefore(failure.at.plus(backOff))) {
      throw failure.refusal;
    }
  }

  private CompletableFuture<Bytes> start(K key, Supplier<Bytes> fetch) {
    CompletableFuture<Bytes> mine = new CompletableFuture<>();
    CompletableFuture<Bytes> other = running.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    if (permits.tryAcquire()) {
      Thread.ofVirtual().start(() -> run(key, mine, fetch));
    } else {
      running.remove(key, mine);
      mine.completeExceptionally(
          KdsRefusal.BUSY.because("too many amd sev-snp KDS requests are under way"));
    }
    return mine;
  }

  /** The root of a worker's thread: whatever happens, those who wait must learn of it. */
  private void run(K key, CompletableFuture<Bytes> outcome, Supplier<Bytes> fetch) {
    try {
      Bytes document = fetch.get();
      running.remove(key, outcome);
      outcome.complete(document);
    } catch (RuntimeException | Error e) {
      if (e instanceof RefusalException refusal) {
        fail(key, refusal);
      }
      running.remove(key, outcome);
      outcome.completeExceptionally(e);
    } finally {
      permits.release();
    }
  }

  private static Bytes await(CompletableFuture<Bytes> outcome, KdsDeadline deadline) {
    try {
      return outcome.get(deadline.nanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusalException refusal) {
        throw refusal;
      }
      throw new IllegalStateException("fetching from AMD failed", e.getCause());
    } catch (TimeoutException e) {
      throw KdsRefusal.UNAVAILABLE.because("amd sev-snp KDS did not answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KdsRefusal.UNAVAILABLE.because("waiting for amd sev-snp KDS was interrupted");
    }
  }
}
