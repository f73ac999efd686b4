package dstack.kms.rpc.kms;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.core.reportdata.ReportData;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this machine is, from its own verified evidence.
 *
 * <p>It is kept, and attested anew in the background, so that a platform that goes bad is noticed
 * while the node runs. Evidence that cannot be made now leaves the last one in use until that is
 * twice as old as it should become; evidence that was made and does not hold ends it at once.
 */
public final class OwnBootInfo {
  private final QuoteSource source;
  private final AttestationVerifier verifier;
  private final Duration age;
  private final InstantSource clock;

  /** Guards attesting, so that one request attests and the others wait. */
  private final ReentrantLock attesting = new ReentrantLock();

  private volatile @Nullable Known known;

  private record Known(BootInfo bootInfo, Instant since) {}

  /**
   * @param source of this machine's own evidence
   * @param verifier of that evidence
   * @param age how old it may become before it is attested anew
   * @param clock tells how old it is
   */
  public OwnBootInfo(
      QuoteSource source, AttestationVerifier verifier, Duration age, InstantSource clock) {
    this.source = source;
    this.verifier = verifier;
    this.age = age;
    this.clock = clock;
  }

  /** The boot info; attests first if there is none that is young enough. */
  public BootInfo current() {
    Optional<BootInfo> young = young();
    if (young.isPresent()) {
      return young.get();
    }
    attesting.lock();
    try {
      return young().orElseGet(this::attest);
    } finally {
      attesting.unlock();
    }
  }

  /**
   * Attests now, whatever is known.
   *
   * @throws RefusalException if there is no new evidence, or none that holds
   */
  public void attestAnew() {
    attesting.lock();
    try {
      attest();
    } finally {
      attesting.unlock();
    }
  }

  /** When the evidence in use was made, if there is any. */
  public Optional<Instant> attestedAt() {
    return Optional.ofNullable(known).map(Known::since);
  }

  /** A clock that was set back must not keep evidence until it has caught up. */
  private Optional<BootInfo> young() {
    Instant now = clock.instant();
    return Optional.ofNullable(known)
        .filter(last -> !now.isBefore(last.since()))
        .filter(last -> now.isBefore(last.since().plus(age.multipliedBy(2))))
        .map(Known::bootInfo);
  }

  private BootInfo attest() {
    Bytes raw = within("Failed to get local KMS attestation", () -> source.attest(ReportData.ZERO));
    try {
      BootInfo fresh = verified(raw);
      known = new Known(fresh, clock.instant());
      return fresh;
    } catch (RefusalException e) {
      // Collateral that cannot be had says nothing; evidence that does not hold says everything.
      if (e.code().kind() != RefusalKind.UNAVAILABLE) {
        known = null;
      }
      throw e;
    }
  }

  private BootInfo verified(Bytes raw) {
    UnverifiedAttestation claimed =
        within("Failed to decode local KMS attestation", () -> UnverifiedAttestation.decode(raw));
    return within(
        "Failed to verify local KMS attestation",
        () -> {
          requireFresh(claimed);
          return verifier.verify(claimed).bootInfo("", MeasurementPoint.RUNTIME);
        });
  }

  /** Evidence over anything but the zeros just asked for is somebody else's, or old. */
  private static void requireFresh(UnverifiedAttestation claimed) {
    if (!claimed.reportData().equals(ReportData.ZERO)) {
      throw new RefusalException(KmsRefusal.OWN_EVIDENCE, "report data mismatch");
    }
  }

  private static <T> T within(String context, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }
}
