package dstack.kms.attest.issuer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Documents fetched from where certificates say, and kept once somebody found them authentic: lists
 * until their end, certificates and lists at most 24 hours. What could not be fetched is not asked
 * for again for ten seconds. A list older than one that was authentic at the same address is
 * refused.
 *
 * <p>Nothing unauthentic is kept, so whoever sits on the way of plain http can deny an answer but
 * not plant one. Safe for use by many threads.
 */
public final class FetchedIssuerDocuments implements IssuerDocuments {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration BACK_OFF = Duration.ofSeconds(10);
  private static final int CAPACITY = 1024;

  private final BoundedFetch fetch;
  private final InstantSource clock;
  private final Cache<String, Kept<Bytes>> certificates = cache();
  private final Cache<String, Kept<RevocationList>> lists = cache();
  private final Cache<String, Instant> newest = cache();
  private final Cache<String, Kept<RefusalException>> failures = cache();

  /** A document and the first instant at which it is not used any more. */
  private record Kept<T>(T content, Instant from, Instant until) {
    boolean isUsable(Instant now) {
      return !now.isBefore(from) && now.isBefore(until);
    }
  }

  /** Documents fetched by that, which is not closed here, under that clock. */
  public FetchedIssuerDocuments(BoundedFetch fetch, InstantSource clock) {
    this.fetch = fetch;
    this.clock = clock;
  }

  private static <T> Cache<String, T> cache() {
    return Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();
  }

  @Override
  public Bytes certificate(String uri) {
    return usable(certificates, uri).orElseGet(() -> unlessFailed(uri, () -> fetch.get(uri)));
  }

  @Override
  public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
    return Optional.of(usable(lists, uri).orElseGet(() -> unlessFailed(uri, () -> fetchList(uri))));
  }

  private RevocationList fetchList(String uri) {
    Bytes body = fetch.get(uri);
    RevocationList list;
    try {
      list = RevocationList.parse(body);
    } catch (RefusalException refusal) {
      throw RefusalException.causedBy(
          IssuerRefusal.UNAVAILABLE, "what an issuer serves is no revocation list", refusal);
    }
    Instant known = newest.getIfPresent(uri);
    if (known != null && list.thisUpdate().isBefore(known)) {
      throw IssuerRefusal.ROLLED_BACK.refuse(
          "an issuer's revocation list is older than before",
          uri + ": " + list.thisUpdate() + " after " + known);
    }
    return list;
  }

  private <T> T unlessFailed(String uri, Supplier<T> task) {
    Optional<RefusalException> failure = usable(failures, uri);
    if (failure.isPresent()) {
      throw failure.get();
    }
    try {
      return task.get();
    } catch (RefusalException refusal) {
      if (refusal.code().kind() == RefusalKind.UNAVAILABLE) {
        Instant now = clock.instant();
        failures.put(uri, new Kept<>(refusal, now, now.plus(BACK_OFF)));
      }
      throw refusal;
    }
  }

  private <T> Optional<T> usable(Cache<String, Kept<T>> cache, String uri) {
    return Optional.ofNullable(cache.getIfPresent(uri))
        .filter(kept -> kept.isUsable(clock.instant()))
        .map(Kept::content);
  }

  @Override
  public void authentic(String uri, Bytes certificate) {
    if (usable(certificates, uri).filter(certificate::equals).isEmpty()) {
      Instant now = clock.instant();
      certificates.put(uri, new Kept<>(certificate, now, now.plus(KEPT)));
    }
  }

  @Override
  public void authentic(String uri, RevocationList list) {
    Instant floor =
        Objects.requireNonNull(
            newest
                .asMap()
                .merge(uri, list.thisUpdate(), (old, found) -> found.isAfter(old) ? found : old));
    if (usable(lists, uri).filter(kept -> kept == list).isPresent()
        || list.thisUpdate().isBefore(floor)) {
      return;
    }
    Instant now = clock.instant();
    Instant end = now.plus(KEPT);
    Instant until = list.nextUpdate().isBefore(end) ? list.nextUpdate() : end;
    lists.put(uri, new Kept<>(list, now, until));
  }
}
