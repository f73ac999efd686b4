package dstack.kms.rpc.kms;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * SELF (specification 04 §5): before it serves a trusted method, the KMS asks the authority about
 * itself. Its own boot info is computed once and kept; the authority's answer never is.
 */
public final class SelfCheck {
  private final boolean enforced;
  private final QuoteSource quoteSource;
  private final AttestationVerifier verifier;
  private final Authority authority;

  /** Guards the computation of the boot info, so that one request attests and the others wait. */
  private final ReentrantLock attesting = new ReentrantLock();

  private volatile @Nullable BootInfo own;

  /**
   * @param enforced {@code core.enforce_self_authorization}
   * @param quoteSource of this machine's own evidence
   * @param verifier of that evidence
   * @param authority decides
   */
  public SelfCheck(
      boolean enforced,
      QuoteSource quoteSource,
      AttestationVerifier verifier,
      Authority authority) {
    this.enforced = enforced;
    this.quoteSource = quoteSource;
    this.verifier = verifier;
    this.authority = authority;
  }

  /** The own boot info if the authority allows this KMS now; empty if nobody is to be asked. */
  Optional<BootInfo> require() {
    if (!enforced) {
      return Optional.empty();
    }
    try {
      BootInfo self = within("Failed to load cached self boot info", this::bootInfo);
      Decision decision =
          within("Failed to call self KMS auth check", () -> authority.decideKms(self));
      return switch (decision) {
        case Decision.Allowed _ -> Optional.of(self);
        case Decision.Denied denied ->
            throw new RefusalException(
                KmsRefusal.SELF_NOT_ALLOWED, "KMS is not allowed: " + denied.reason());
      };
    } catch (RefusalException e) {
      throw e.within("KMS self authorization failed");
    }
  }

  private BootInfo bootInfo() {
    BootInfo known = own;
    if (known != null) {
      return known;
    }
    attesting.lock();
    try {
      BootInfo meanwhile = own;
      BootInfo fresh = meanwhile != null ? meanwhile : attest();
      own = fresh;
      return fresh;
    } finally {
      attesting.unlock();
    }
  }

  private BootInfo attest() {
    UnverifiedAttestation evidence =
        within(
            "Failed to decode local KMS attestation",
            () ->
                UnverifiedAttestation.decode(
                    within(
                        "Failed to get local KMS attestation",
                        () -> quoteSource.attest(ReportData.ZERO))));
    VerifiedAttestation verified =
        within("Failed to verify local KMS attestation", () -> verifyFresh(evidence));
    return verified.bootInfo("", MeasurementPoint.RUNTIME);
  }

  /** Evidence over anything but the zeros just asked for is somebody else's, or old. */
  private VerifiedAttestation verifyFresh(UnverifiedAttestation claimed) {
    if (!claimed.reportData().equals(ReportData.ZERO)) {
      throw new RefusalException(KmsRefusal.OWN_EVIDENCE, "report data mismatch");
    }
    return verifier.verify(claimed);
  }

  private static <T> T within(String context, java.util.function.Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusalException e) {
      throw e.within(context);
    }
  }
}
