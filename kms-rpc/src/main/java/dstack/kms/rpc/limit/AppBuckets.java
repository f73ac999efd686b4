package dstack.kms.rpc.limit;

import dstack.kms.core.bootinfo.AppId;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.Rate;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.kms.AppQuota;
import dstack.kms.rpc.kms.KmsRefusal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Holds back an app that asks too often, so that its keys are not derived, recorded and sent for
 * ever. The authority has been asked by then; what protects it is the total over all callers.
 */
public final class AppBuckets implements AppQuota {
  private static final int APPS = 16_384;

  private final TokenBuckets<AppId> apps;
  private final LimitObserver observer;

  private AppBuckets(Rate rate, LongSupplier nanos, LimitObserver observer) {
    this.apps = new TokenBuckets<>(rate, APPS, nanos);
    this.observer = observer;
  }

  /** The quota under that rate; without one, everybody may ask. */
  public static AppQuota of(Optional<Rate> rate, LongSupplier nanos, LimitObserver observer) {
    return rate.<AppQuota>map(each -> new AppBuckets(each, nanos, observer)).orElse(AppQuota.NONE);
  }

  @Override
  public void require(BootInfo whom) {
    Optional<Duration> wait = apps.take(whom.appId());
    if (wait.isPresent()) {
      observer.limited(Limit.APP);
      Duration rounded = Duration.ofSeconds(Math.max(1, wait.get().plusMillis(999).toSeconds()));
      throw RefusalException.tooOften(
          KmsRefusal.APP_LIMIT,
          "too many requests of this app, try again in " + rounded.toSeconds() + " s",
          rounded);
    }
  }
}
