package dstack.kms.attest.image.store;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs at most one download for each image, for a limited time, and few altogether; whoever asks
 * for an image under way shares its outcome.
 */
final class SharedDownloads implements AutoCloseable {
  private final ConcurrentMap<Bytes, CompletableFuture<Boolean>> running =
      new ConcurrentHashMap<>();
  private final Semaphore permits;
  private final Optional<Duration> timeout;

  SharedDownloads(int limit, Optional<Duration> timeout) {
    this.permits = new Semaphore(limit);
    this.timeout = timeout;
  }

  /** Returns when the image's download is done, or refuses as it did. */
  void await(Bytes image, Runnable download) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> other = running.putIfAbsent(image, mine);
    if (other == null) {
      start(image, mine, download);
    }
    outcomeOf(other == null ? mine : other);
  }

  private void start(Bytes image, CompletableFuture<Boolean> outcome, Runnable download) {
    if (!permits.tryAcquire()) {
      running.remove(image, outcome);
      outcome.completeExceptionally(
          ImageStoreRefusal.BUSY.because("too many images are being downloaded"));
      return;
    }
    Thread worker =
        Thread.ofPlatform().daemon().name("image").unstarted(() -> run(outcome, download));
    timeout.ifPresent(limit -> outcome.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS));
    var _ =
        outcome.whenComplete(
            (_, failure) -> {
              running.remove(image, outcome);
              if (failure != null) {
                worker.interrupt();
              }
            });
    worker.start();
  }

  /** The root of the worker's thread: whatever happens, those who wait must learn of it. */
  private void run(CompletableFuture<Boolean> outcome, Runnable download) {
    try {
      download.run();
      outcome.complete(true);
    } catch (RuntimeException | Error e) {
      outcome.completeExceptionally(e);
    } finally {
      permits.release();
    }
  }

  private static void outcomeOf(CompletableFuture<Boolean> outcome) {
    try {
      outcome.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RefusalException refusal -> throw refusal;
        case TimeoutException _ ->
            throw ImageStoreRefusal.TIMEOUT.because("Download image timeout");
        case null, default -> throw new IllegalStateException("download failed", e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RefusalException.causedBy(
          ImageStoreRefusal.DOWNLOAD, "Failed to download image: interrupted", e);
    }
  }

  /** Ends all downloads; callers that wait are refused. */
  @Override
  public void close() {
    running
        .values()
        .forEach(
            outcome ->
                outcome.completeExceptionally(
                    ImageStoreRefusal.DOWNLOAD.because("the image store is closed")));
  }
}
