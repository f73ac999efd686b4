package dstack.kms.rpc.limit;

import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.Rate;
import dstack.kms.rpc.kms.ReleaseWatch;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises an alarm when one machine gets more releases than a machine should (T-04).
 *
 * <p>Whoever extracted the attestation key of one machine can make evidence for any number of
 * guests, and all of it names that machine. Nothing is refused here: the policy's list of devices
 * is what turns a machine off. The log names each machine at most once in a period.
 */
public final class PlatformAlarm implements ReleaseWatch {
  private static final Logger log = LoggerFactory.getLogger(PlatformAlarm.class);
  private static final int MACHINES = 16_384;

  private final Rate rate;
  private final TokenBuckets<Bytes> releases;
  private final TokenBuckets<Bytes> told;
  private final LimitObserver observer;

  private PlatformAlarm(Rate rate, LongSupplier nanos, LimitObserver observer) {
    this.rate = rate;
    this.releases = new TokenBuckets<>(rate, MACHINES, nanos);
    this.told = new TokenBuckets<>(new Rate(1, rate.per()), MACHINES, nanos);
    this.observer = observer;
  }

  /** The alarm at that rate; without one, nobody looks. */
  public static ReleaseWatch of(Optional<Rate> rate, LongSupplier nanos, LimitObserver observer) {
    return rate.<ReleaseWatch>map(each -> new PlatformAlarm(each, nanos, observer))
        .orElse(ReleaseWatch.NONE);
  }

  @Override
  public void released(AuditKind kind, BootInfo whom) {
    if (releases.take(whom.deviceId()).isEmpty()) {
      return;
    }
    observer.overQuota(whom.teeVariant());
    if (told.take(whom.deviceId()).isEmpty()) {
      log.warn(
          "machine {} of {} got more than {} releases, the last one {} for app {}: if that is"
              + " unexpected its attestation key may be in other hands; take it off the policy",
          whom.deviceId(),
          whom.teeVariant().wireName(),
          rate.text(),
          kind.word(),
          whom.appId());
    }
  }
}
