package dstack.kms.onboard.preflight;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.onboard.preflight.CheckResult.State;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks at everything that Bootstrap needs, in the order in which Bootstrap needs it.
 *
 * <p>It decides nothing: Bootstrap asks everything again.
 */
public final class Preflight {
  private final Parts parts;

  /**
   * What it looks at.
   *
   * @param quotes attests this machine
   * @param verifier verifies that as any client would
   * @param authority would decide
   * @param enforced whether Bootstrap asks the authority at all
   * @param keyFolder where keys would be stored
   * @param clock of certificates
   */
  public record Parts(
      QuoteSource quotes,
      AttestationVerifier verifier,
      Authority authority,
      boolean enforced,
      Path keyFolder,
      InstantSource clock) {}

  /** A preflight over these. */
  public Preflight(Parts parts) {
    this.parts = parts;
  }

  /** What to do about an error that set-up ended with, on this machine. */
  public static Advice advice(String error, Optional<MachineFacts> facts) {
    return KnownReason.about(error, facts);
  }

  /** Looks at everything now; blocks as long as the slowest part. */
  public PreflightReport look() {
    return new Look().report();
  }

  /** One look: what a check finds is what the next one works with. */
  private final class Look {
    private final List<CheckResult> checks = new ArrayList<>();

    PreflightReport report() {
      Optional<UnverifiedAttestation> evidence =
          check("evidence", "Can this machine be attested?", this::evidence);
      Optional<BootInfo> self =
          after(evidence, "verification", "Does its evidence verify?", this::verified);
      Optional<AuthorityInfo> answering =
          check("authority", "Does the authority answer?", this::authority);
      String allowed = "Does the authority allow this machine to be a KMS?";
      if (parts.enforced()) {
        after(answering.flatMap(_ -> self), "allowed", allowed, this::allowed);
      } else {
        leftOut("allowed", allowed, "not asked: core.enforce_self_authorization = false");
      }
      check("clock", "Is the clock sane?", () -> ClockCheck.look(parts.clock().instant()));
      check("store", "Can keys be stored?", () -> StoreCheck.look(parts.keyFolder()));
      return new PreflightReport(parts.clock().instant(), checks, self);
    }

    private Found<UnverifiedAttestation> evidence() {
      Bytes raw = parts.quotes().attest(ReportData.ZERO);
      return new Found.Good<>(
          UnverifiedAttestation.decode(raw), "yes, with " + raw.length() + " bytes of evidence");
    }

    private Found<BootInfo> verified(UnverifiedAttestation claimed) {
      if (!claimed.reportData().equals(ReportData.ZERO)) {
        return new Found.Bad<>("no: report data mismatch", Advice.NONE);
      }
      BootInfo info = parts.verifier().verify(claimed).bootInfo("", MeasurementPoint.RUNTIME);
      String status = info.tcbStatus().isEmpty() ? "" : ", TCB status " + info.tcbStatus();
      return new Found.Good<>(info, "yes, as " + info.teeVariant().wireName() + status);
    }

    private Found<AuthorityInfo> authority() {
      parts.authority().requireAnswering();
      AuthorityInfo info = parts.authority().info();
      return new Found.Good<>(info, "yes" + PolicyPlace.of(info));
    }

    private Found<Decision> allowed(BootInfo self) {
      Decision decision = parts.authority().decideKms(self);
      return switch (decision) {
        case Decision.Allowed _ -> new Found.Good<>(decision, "yes");
        case Decision.Undecided(RefusalException why) -> throw why;
        case Decision.Denied(String reason, _) ->
            new Found.Bad<>(
                "no: " + reason, KnownReason.about(reason, Optional.of(MachineFacts.of(self))));
      };
    }

    private <F, T> Optional<T> after(
        Optional<F> before, String id, String question, Function<F, Found<T>> look) {
      if (before.isEmpty()) {
        leftOut(id, question, "not looked at yet");
        return Optional.empty();
      }
      return check(id, question, () -> look.apply(before.get()));
    }

    private <T> Optional<T> check(String id, String question, Supplier<Found<T>> look) {
      switch (looked(look)) {
        case Found.Good<T>(T value, String says) -> {
          checks.add(new CheckResult(id, question, State.GOOD, says, Advice.NONE));
          return Optional.of(value);
        }
        case Found.Bad<T>(String says, Advice advice) -> {
          checks.add(new CheckResult(id, question, State.BAD, says, advice));
          return Optional.empty();
        }
      }
    }

    private void leftOut(String id, String question, String why) {
      checks.add(new CheckResult(id, question, State.LEFT_OUT, why, Advice.NONE));
    }
  }

  private static <T> Found<T> looked(Supplier<Found<T>> look) {
    try {
      return look.get();
    } catch (RefusalException e) {
      return new Found.Bad<>("no: " + e.text(), KnownReason.about(e.text(), Optional.empty()));
    }
  }
}
