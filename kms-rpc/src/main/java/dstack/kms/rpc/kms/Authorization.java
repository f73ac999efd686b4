package dstack.kms.rpc.kms;

import dstack.kms.attest.appinfo.MeasurementPoint;
import dstack.kms.attest.verify.ImageCheck;
import dstack.kms.attest.verify.VerifiedAttestation;
import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditSubject;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.ReleaseConfig;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.stage.Stage;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * AUTH and RELEASE (specification 04 §5): from verified evidence to the permission to release keys,
 * which there is only once it is durably recorded (T-45).
 */
public final class Authorization {
  private final Authority authority;
  private final ReleaseConfig release;
  private final ImageCheck images;
  private final AuditTrail audit;
  private final AppQuota quota;
  private final ReleaseWatch watch;
  private final LongSupplier nanos;

  /**
   * @param authority decides
   * @param release which platforms may have keys at all
   * @param images whether the measured image is the claimed one
   * @param audit takes every decision
   * @param quota is asked last, once the caller is allowed and its image verified: nobody else
   *     counts
   * @param watch sees every caller's way
   */
  public Authorization(
      Authority authority,
      ReleaseConfig release,
      ImageCheck images,
      AuditTrail audit,
      AppQuota quota,
      ReleaseWatch watch) {
    this(authority, release, images, audit, quota, watch, System::nanoTime);
  }

  /** The same on that monotonic clock. */
  Authorization(
      Authority authority,
      ReleaseConfig release,
      ImageCheck images,
      AuditTrail audit,
      AppQuota quota,
      ReleaseWatch watch,
      LongSupplier nanos) {
    this.authority = authority;
    this.release = release;
    this.images = images;
    this.audit = audit;
    this.quota = quota;
    this.watch = watch;
    this.nanos = nanos;
  }

  /** AUTH for an application that asks for its keys. */
  Authorized app(VerifiedAttestation evidence, String vmConfig) {
    return authorize(
        new Question(AuditKind.APP_KEY, evidence, vmConfig, MeasurementPoint.RUNTIME),
        authority::decideApp);
  }

  /**
   * The same for an application that wants its keys sealed to the key in its evidence, which is
   * used up once the application is found to be allowed.
   */
  SealedAuthorized sealed(VerifiedRecipient recipient, String vmConfig, UsedSealingKeys used) {
    Question question =
        new Question(
            AuditKind.APP_KEY,
            recipient.evidence(),
            vmConfig,
            MeasurementPoint.RUNTIME,
            Map.of("sealed_to", recipient.publicKey().hex()));
    return new SealedAuthorized(
        authorize(question, authority::decideApp, () -> used.use(recipient.publicKey())),
        recipient);
  }

  /** AUTH for an application that asks for a certificate, by what was measured at its boot. */
  Authorized certificate(VerifiedAttestation evidence, String vmConfig) {
    return authorize(
        new Question(AuditKind.APP_CERTIFICATE, evidence, vmConfig, MeasurementPoint.BOOT),
        authority::decideApp);
  }

  /** AUTH for another KMS. */
  Authorized kms(VerifiedAttestation evidence, String vmConfig) {
    return authorize(
        new Question(AuditKind.KMS_KEY, evidence, vmConfig, MeasurementPoint.RUNTIME),
        authority::decideKms);
  }

  /** What is asked for, and by whom. */
  private record Question(
      AuditKind kind,
      VerifiedAttestation evidence,
      String vmConfig,
      MeasurementPoint point,
      Map<String, String> facts) {
    Question(
        AuditKind kind, VerifiedAttestation evidence, String vmConfig, MeasurementPoint point) {
      this(kind, evidence, vmConfig, point, Map.of());
    }
  }

  /**
   * The permission to release keys to one key and no other; only {@link SealedAuthorized} makes
   * one.
   */
  static final class SealedGrant {
    private final KeyGrant keys;
    private final VerifiedRecipient recipient;

    private SealedGrant(KeyGrant keys, VerifiedRecipient recipient) {
      this.keys = keys;
      this.recipient = recipient;
    }

    KeyGrant keys() {
      return keys;
    }

    VerifiedRecipient recipient() {
      return recipient;
    }
  }

  /** What AUTH found about a recipient; RELEASE makes a grant of it. */
  static final class SealedAuthorized {
    private final Authorized authorized;
    private final VerifiedRecipient recipient;

    private SealedAuthorized(Authorized authorized, VerifiedRecipient recipient) {
      this.authorized = authorized;
      this.recipient = recipient;
    }

    /** RELEASE; when it returns, the release and the key that it goes to are on record. */
    SealedGrant release(FreshAnswer<Optional<BootInfo>> self) {
      return new SealedGrant(authorized.release(self), recipient);
    }
  }

  /** What AUTH found; RELEASE makes a grant of it. */
  final class Authorized {
    private final Question question;
    private final AuditSubject subject;
    private final FreshAnswer<Decision.Allowed> allowed;

    private Authorized(
        Question question, AuditSubject subject, FreshAnswer<Decision.Allowed> allowed) {
      this.question = question;
      this.subject = subject;
      this.allowed = allowed;
    }

    /**
     * RELEASE; when it returns, the release is on record. Whatever took long before is no reason to
     * release what was revoked meanwhile: an answer that is older than three seconds is asked for
     * again. That about this node comes first, so it can be older by what the other one takes.
     *
     * @param self what SELF found about this node
     */
    KeyGrant release(FreshAnswer<Optional<BootInfo>> self) {
      Decision.Allowed decision =
          recordingRefusals(
              question,
              subject,
              () -> {
                requireReleaseTo(subject.bootInfo());
                var _ = self.current();
                return stillAllowed();
              });
      record(decision);
      watch.released(question.kind(), subject.bootInfo());
      return new KeyGrant(subject.bootInfo(), decision.gatewayAppId());
    }

    private Decision.Allowed stillAllowed() {
      try {
        return allowed.current();
      } catch (RefusalException e) {
        throw question.kind() == AuditKind.APP_KEY ? e.within("App not allowed") : e;
      }
    }

    private void record(Decision.Allowed decision) {
      AuditEvent event =
          AuditEvent.done(question.kind(), question.facts()).about(subject).at(decision.block());
      watch.timed(
          Stage.AUDIT,
          () -> {
            audit.require(event);
            return event;
          });
    }
  }

  private Authorized authorize(Question question, Function<BootInfo, Decision> decide) {
    return authorize(question, decide, () -> {});
  }

  private Authorized authorize(
      Question question, Function<BootInfo, Decision> decide, Runnable onlyOnce) {
    VerifiedAttestation evidence = question.evidence();
    evidence.requireWhole();
    BootInfo bootInfo = evidence.bootInfo(question.vmConfig(), question.point());
    AuditSubject subject = new AuditSubject(bootInfo, evidence.evidenceDigest());
    return recordingRefusals(
        question,
        subject,
        () -> {
          FreshAnswer<Decision.Allowed> allowed =
              FreshAnswer.of(
                  () -> requireAllowed(watch.timed(Stage.AUTHORIZE, () -> decide.apply(bootInfo))),
                  nanos);
          requireImage(evidence, question.vmConfig());
          var _ = allowed.current();
          onlyOnce.run();
          // Anybody's machine can measure any app's id: only an app that is allowed, inside an
          // image that measures nothing else, has spent something of its own.
          quota.require(bootInfo);
          return new Authorized(question, subject, allowed);
        });
  }

  private void requireImage(VerifiedAttestation evidence, String vmConfig) {
    watch.timed(
        Stage.IMAGE,
        () -> {
          images.require(evidence, vmConfig);
          return evidence;
        });
  }

  private static Decision.Allowed requireAllowed(Decision decision) {
    return switch (decision) {
      case Decision.Allowed allowed -> allowed;
      case Decision.Undecided(RefusalException why) -> throw why.within("Boot denied");
      case Decision.Denied denied ->
          throw new RefusalException(KmsRefusal.BOOT_DENIED, "Boot denied: " + denied.reason());
    };
  }

  private <T> T recordingRefusals(Question question, AuditSubject subject, Supplier<T> step) {
    try {
      return step.get();
    } catch (RefusalException e) {
      audit.note(AuditEvent.refused(question.kind(), e, question.facts()).about(subject));
      throw e;
    }
  }

  /** Refuses platforms that keys are not released to here. */
  void requireReleaseTo(BootInfo bootInfo) {
    switch (bootInfo.teeVariant()) {
      case SEV_SNP -> require(release.sevSnp(), "amd sev-snp key release is not enabled");
      case AWS_NITRO_TPM ->
          require(release.awsNitroTpm(), "aws nitro-tpm key release is not enabled");
      case TDX, GCP_TDX, NITRO_ENCLAVE -> {}
    }
  }

  private static void require(boolean enabled, String otherwise) {
    if (!enabled) {
      throw new RefusalException(KmsRefusal.PLATFORM_RELEASE_OFF, otherwise);
    }
  }
}
