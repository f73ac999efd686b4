package dstack.kms.attest.collateral;

import dstack.kms.attest.backoff.BackOff;
import dstack.kms.attest.quote.TeeType;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.attest.x509.PckCa;
import dstack.kms.attest.x509.PckExtension;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * Collateral from provisioning services, kept until Intel's own dates say otherwise.
 *
 * <p>While kept collateral is in force the answer costs no request, and services that are down or
 * hostile change nothing. Callers of the same key share one fetch; keys that failed are left alone
 * for a while; a chain that Intel did not issue causes no fetch at all.
 */
public final class CollateralService implements CollateralSource, AutoCloseable {
  private final CollateralSettings settings;
  private final CollateralCheck check;
  private final InstantSource clock;
  private final ScheduledExecutorService scheduler;
  private final RandomGenerator random;
  private final Fetching fetching;
  private final PckChains chains;
  private final KeptCollateral kept;
  private final CollateralLoader loader;
  private final SharedTasks<CollateralKey> tasks;
  private final BackOff<CollateralKey> backOff;
  private final LongAdder fetched = new LongAdder();
  private final LongAdder failures = new LongAdder();

  /**
   * A service that begins to renew in the background at once.
   *
   * @param scheduler runs short tasks only; the caller closes it
   * @param random spreads the renewals of many servers
   */
  public CollateralService(
      CollateralSettings settings,
      CollateralCheck check,
      InstantSource clock,
      ScheduledExecutorService scheduler,
      RandomGenerator random) {
    this.settings = settings;
    this.check = check;
    this.clock = clock;
    this.scheduler = scheduler;
    this.random = random;
    this.fetching = new Fetching(settings.connectTimeout());
    this.chains = new PckChains(fetching, settings.endpoints(), settings.maxConcurrentFetches());
    this.kept = new KeptCollateral(settings.maxAge());
    CollateralFetch fetch = new CollateralFetch(fetching, check.rootRevocationListUri());
    this.loader = new CollateralLoader(settings, fetch, check, kept, clock);
    this.tasks = new SharedTasks<>(settings.maxConcurrentFetches());
    this.backOff = new BackOff<>(settings.backOff());
    scheduleRefresh();
  }

  @Override
  public Collateral collateralFor(UnverifiedQuote quote) {
    Deadline deadline = Deadline.in(settings.totalDeadline());
    String chain = chainOf(quote, deadline);
    List<Bytes> certificates = certificates(chain);
    CollateralKey key = keyOf(quote, certificates.getFirst());
    Collateral collateral = usable(key).orElseGet(() -> load(key, certificates, deadline));
    return PckChains.isInside(quote) ? collateral : collateral.withPckCertificateChain(chain);
  }

  private String chainOf(UnverifiedQuote quote, Deadline deadline) {
    try {
      return chains.chainOf(quote, deadline);
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to get PCK certificate chain");
    }
  }

  private static List<Bytes> certificates(String chain) {
    List<Bytes> certificates;
    try {
      certificates = PemChain.split(chain);
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to extract certificates from PEM chain");
    }
    if (certificates.isEmpty()) {
      throw new RefusalException(CollateralRefusal.CERTIFICATION_DATA, "Empty certificate chain");
    }
    return certificates;
  }

  private static CollateralKey keyOf(UnverifiedQuote quote, Bytes leafDer) {
    UnverifiedCertificate leaf;
    try {
      leaf = UnverifiedCertificate.parse(leafDer);
    } catch (RefusalException refusal) {
      throw refusal.within("Failed to decode certificate");
    }
    TeeType tee = quote.header().teeType() == TeeType.SGX.code() ? TeeType.SGX : TeeType.TDX;
    return new CollateralKey(tee, PckExtension.fmspcOf(leaf), PckCa.ofIssuer(leaf));
  }

  private Optional<Collateral> usable(CollateralKey key) {
    return kept.usable(key, clock.instant()).map(entry -> entry.checked().collateral());
  }

  private Collateral load(CollateralKey key, List<Bytes> certificates, Deadline deadline) {
    if (!check.isIssuedUnderAnchor(certificates)) {
      throw new RefusalException(
          CollateralRefusal.CERTIFICATION_DATA,
          "Failed to verify certificate chain: the PCK certificate is not issued under the root");
    }
    SharedTasks.await(tasks.start(key, () -> isThere(key) || fetch(key)), deadline);
    return usable(key).orElseThrow(() -> Fetching.unavailable("no usable collateral for " + key));
  }

  /** Also by what another caller fetched since this one looked. */
  private boolean isThere(CollateralKey key) {
    return usable(key).isPresent() || loader.readBack(key);
  }

  private boolean fetch(CollateralKey key) {
    backOff.requireNone(key, clock.instant());
    try {
      loader.fetch(key);
      backOff.succeeded(key);
      fetched.increment();
      return true;
    } catch (RefusalException refusal) {
      failures.increment();
      backOff.failed(key, refusal, clock.instant());
      throw refusal;
    }
  }

  /** Renews what is due; the next run is up to a quarter earlier or later than the one before. */
  private void scheduleRefresh() {
    long period = Math.max(4, settings.refreshAfter().dividedBy(4).toMillis());
    long delay = period - period / 4 + random.nextLong(period / 2 + 1);
    Objects.requireNonNull(scheduler.schedule(this::refresh, delay, TimeUnit.MILLISECONDS));
  }

  private void refresh() {
    try {
      // First: whatever happens now, there is a next time.
      scheduleRefresh();
    } catch (RejectedExecutionException e) {
      // The scheduler is closed: the program is ending.
      return;
    }
    refreshDue();
  }

  /** Starts to renew everything that was kept for longer than the settings say. */
  private void refreshDue() {
    Instant due = clock.instant().minus(settings.refreshAfter());
    for (KeptCollateral.Entry entry : kept.all()) {
      if (!entry.since().isAfter(due)) {
        var _ = tasks.start(entry.key(), () -> fetch(entry.key()));
      }
    }
  }

  /** The age of everything that is kept, for gauges. */
  public List<CollateralAge> ages() {
    return kept.all().stream().map(CollateralAge::of).toList();
  }

  /** How often collateral was fetched, from whichever service had it. */
  public long fetched() {
    return fetched.sum();
  }

  /** How often no service had any that is good. */
  public long failures() {
    return failures.sum();
  }

  /** Whether nothing is fetched at the moment. */
  boolean isQuiet() {
    return tasks.isQuiet();
  }

  /** Ends all requests that are under way; callers that wait are refused. */
  @Override
  public void close() {
    tasks.close();
    fetching.close();
  }
}
