package dstack.kms.onboard.replication;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.attest.verify.AttestationVerifier;
import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.OnboardConfig;
import dstack.kms.core.config.TlsEngine;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.Step;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.SetUp;
import dstack.kms.core.store.StoreRefusal;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.machine.OwnEvidence;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.SetupStep;
import dstack.kms.rpc.client.ClientLimits;
import dstack.kms.rpc.client.RpcClient;
import dstack.kms.rpc.client.RpcUrl;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicates the root keys of a source into an empty store, once. */
public final class Replication {
  private static final Logger log = LoggerFactory.getLogger(Replication.class);

  /** Every answer fits into a fraction of this; the times are those of the released clients. */
  private static final ClientLimits LIMITS =
      new ClientLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60), 1 << 20);

  private final Parts parts;
  private final ClientLimits limits;
  private final Waiting waiting;
  private final OwnEvidence self;
  private final OwnKeys own = new OwnKeys();
  private final SignatureVerifier signatures = SignatureVerifiers.named("auto");

  /** One replication at a time: the second waits, and then finds the keys of the first. */
  private final ReentrantLock replicating = new ReentrantLock();

  /**
   * What replication works with.
   *
   * @param store takes the keys
   * @param verifier of the source's evidence
   * @param authority decides about the source
   * @param quotes attests this machine
   * @param issuer makes this node's certificates
   * @param config identity to expect, patience
   * @param engine of TLS
   * @param random makes keys
   * @param clock of certificates
   * @param audit takes the decision
   */
  public record Parts(
      KeyStore store,
      AttestationVerifier verifier,
      Authority authority,
      QuoteSource quotes,
      CertificateIssuer issuer,
      OnboardConfig config,
      TlsEngine engine,
      SecureRandom random,
      InstantSource clock,
      AuditTrail audit) {}

  /** A replication of these parts. */
  public Replication(Parts parts) {
    this(parts, LIMITS, Waiting.real());
  }

  /** The same with other limits and in another time. */
  Replication(Parts parts, ClientLimits limits, Waiting waiting) {
    this.parts = parts;
    this.limits = limits;
    this.waiting = waiting;
    self = new OwnEvidence(parts.quotes(), parts.verifier());
  }

  /**
   * Takes the keys over, all or nothing.
   *
   * @param sourceUrl as the operator writes it
   * @return the root k256 public key, 33 bytes compressed
   * @throws RefusalException with a {@link ReplicationRefusal}, or what a part refused; nothing is
   *     left behind then
   */
  public Bytes run(String sourceUrl, RpcDomain domain, Progress progress) {
    Map<String, String> facts = new HashMap<>(Map.of("domain", domain.text()));
    replicating.lock();
    try {
      progress.at(SetupStep.CHECKING);
      if (parts.store().hasKeys()) {
        throw new RefusalException(StoreRefusal.KEYS_EXIST, SetUp.ONBOARD.refusal());
      }
      RpcUrl url = RpcUrl.ofKms(sourceUrl);
      facts.put("source", url.authority());
      return replicate(url, domain, progress, facts);
    } catch (RefusalException e) {
      parts.audit().note(AuditEvent.refused(AuditKind.REPLICATION, e, facts));
      throw e;
    } finally {
      replicating.unlock();
    }
  }

  private Bytes replicate(
      RpcUrl url, RpcDomain domain, Progress progress, Map<String, String> facts) {
    try (RpcClient client = new RpcClient(parts.engine(), limits);
        Offer offer = Step.named("Failed to onboard", () -> offer(client, url, progress))) {
      new Adoption(parts, signatures, progress).take(offer, domain, facts);
      Bytes k256 = offer.keys().k256().publicKey().compressed();
      log.info("took the keys of {} over for {}: k256 public key {}", url.text(), domain, k256);
      return k256;
    }
  }

  private Offer offer(RpcClient client, RpcUrl url, Progress progress) {
    Attempt attempt =
        new Attempt(
            parts,
            client,
            own,
            signatures,
            new SourceAuthorization(parts.authority(), self),
            progress);
    return new Patience(parts.config().retryFor(), waiting)
        .attempt(() -> attempt.run(url), this::isLag, progress);
  }

  /**
   * Whether a refusal only says that the source has not seen yet what is true already: it cannot
   * read the chain, or it denies what this node's own authority allows.
   */
  private boolean isLag(RefusalException refusal) {
    if (refusal.code() == ReplicationRefusal.SOURCE_NOT_READY) {
      return true;
    }
    return refusal.code() == ReplicationRefusal.DENIED_BY_SOURCE && isAllowedHere();
  }

  private boolean isAllowedHere() {
    try {
      return parts.authority().decideKms(self.get()) instanceof Decision.Allowed;
    } catch (RefusalException e) {
      log.warn("cannot tell whether the source lags: {} ({})", e.text(), e.detail());
      return false;
    }
  }
}
