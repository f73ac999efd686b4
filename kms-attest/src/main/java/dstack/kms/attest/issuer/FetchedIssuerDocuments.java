package dstack.kms.attest.issuer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.attest.x509.UnverifiedCertificate;
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
 * Documents fetched from where certificates say, and kept once somebody found them authentic. After
 * 24 hours a fresh one is asked for. If that cannot be had, the kept one goes on being used, a list
 * until its own end, and the next attempt is made five minutes later: an issuer's outage ends
 * nothing before the issuer's own dates do. What could not be fetched is otherwise not asked for
 * again for ten seconds. A list older than one that was authentic at the same address is refused.
 *
 * <p>Nothing unauthentic is kept, so whoever sits on the way of plain http can deny an answer but
 * not plant one. Safe for use by many threads.
 */
public final class FetchedIssuerDocuments implements IssuerDocuments {
  private static final Duration FRESH = Duration.ofHours(24);
  private static final Duration RETRY = Duration.ofMinutes(5);
  private static final Duration BACK_OFF = Duration.ofSeconds(10);
  private static final int CAPACITY = 1024;

  private final BoundedFetch fetch;
  private final InstantSource clock;
  private final Cache<String, Kept<Bytes>> certificates = cache();
  private final Cache<String, Kept<RevocationList>> lists = cache();
  private final Cache<String, Instant> newest = cache();
  private final Cache<String, Kept<RefusalException>> failures = cache();

  /** A document, when a fresh one is asked for, and when this one is not used any more. */
  private record Kept<T>(T content, Instant from, Instant renewal, Instant until) {
    boolean isUsable(Instant now) {
      return !now.isBefore(from) && now.isBefore(until);
    }

    Kept<T> renewedAt(Instant other) {
      return new Kept<>(content, from, other, until);
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
    return keptOr(certificates, uri, () -> fetchCertificate(uri));
  }

  @Override
  public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
    return Optional.of(keptOr(lists, uri, () -> fetchList(uri)));
  }

  private <T> T keptOr(Cache<String, Kept<T>> cache, String uri, Supplier<T> fetched) {
    Instant now = clock.instant();
    Optional<Kept<T>> kept = usable(cache, uri);
    if (kept.isPresent() && now.isBefore(kept.get().renewal())) {
      return kept.get().content();
    }
    try {
      return unlessFailed(uri, fetched);
    } catch (RefusalException refusal) {
      if (kept.isEmpty() || refusal.code().kind() != RefusalKind.UNAVAILABLE) {
        throw refusal;
      }
      cache.asMap().replace(uri, kept.get(), kept.get().renewedAt(now.plus(RETRY)));
      return kept.get().content();
    }
  }

  private Bytes fetchCertificate(String uri) {
    Bytes body = fetch.get(uri);
    return parsed("certificate", () -> UnverifiedCertificate.parse(body)).der();
  }

  /** Whatever else a server sends in its place says nothing of the certificate in question. */
  private static <T> T parsed(String what, Supplier<T> parser) {
    try {
      return parser.get();
    } catch (RefusalException refusal) {
      throw RefusalException.causedBy(
          IssuerRefusal.UNAVAILABLE, "what an issuer serves is no " + what, refusal);
    }
  }

  private RevocationList fetchList(String uri) {
    Bytes body = fetch.get(uri);
    RevocationList list = parsed("revocation list", () -> RevocationList.parse(body));
    Instant known = newest.getIfPresent(uri);
    if (known != null && list.thisUpdate().isBefore(known)) {
      throw IssuerRefusal.ROLLED_BACK.refuse(
          "an issuer's revocation list is older than before",
          uri + ": " + list.thisUpdate() + " after " + known);
    }
    return list;
  }

  private <T> T unlessFailed(String uri, Supplier<T> task) {
    Optional<Kept<RefusalException>> failure = usable(failures, uri);
    if (failure.isPresent()) {
      throw failure.get().content();
    }
    try {
      return task.get();
    } catch (RefusalException refusal) {
      if (refusal.code().kind() == RefusalKind.UNAVAILABLE) {
        Instant now = clock.instant();
        Instant end = now.plus(BACK_OFF);
        failures.put(uri, new Kept<>(refusal, now, end, end));
      }
      throw refusal;
    }
  }

  private <T> Optional<Kept<T>> usable(Cache<String, Kept<T>> cache, String uri) {
    return Optional.ofNullable(cache.getIfPresent(uri))
        .filter(kept -> kept.isUsable(clock.instant()));
  }

  /** Kept without an end: whoever uses it looks at its dates each time. */
  @Override
  public void authentic(String uri, Bytes certificate) {
    keep(certificates, uri, certificate, Instant.MAX);
  }

  @Override
  public void authentic(String uri, RevocationList list) {
    Instant floor =
        Objects.requireNonNull(
            newest
                .asMap()
                .merge(uri, list.thisUpdate(), (old, found) -> found.isAfter(old) ? found : old));
    if (!list.thisUpdate().isBefore(floor)) {
      keep(lists, uri, list, list.nextUpdate());
    }
  }

  /** Use alone does not prolong: the time for a fresh one stays what it was. */
  private <T> void keep(Cache<String, Kept<T>> cache, String uri, T content, Instant until) {
    Instant now = clock.instant();
    if (usable(cache, uri)
        .filter(kept -> kept.content().equals(content) && now.isBefore(kept.renewal()))
        .isEmpty()) {
      cache.put(uri, new Kept<>(content, now, now.plus(FRESH), until));
    }
  }
}
