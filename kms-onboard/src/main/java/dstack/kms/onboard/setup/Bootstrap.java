package dstack.kms.onboard.setup;

import dstack.kms.attest.source.QuoteSource;
import dstack.kms.core.audit.AuditEvent;
import dstack.kms.core.audit.AuditKind;
import dstack.kms.core.audit.AuditTrail;
import dstack.kms.core.crypto.Secp256k1PrivateKey;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.store.BootstrapInfo;
import dstack.kms.core.store.CertificateSet;
import dstack.kms.core.store.KeyMaterial;
import dstack.kms.core.store.KeySet;
import dstack.kms.core.store.KeyStore;
import dstack.kms.core.store.SetUp;
import dstack.kms.onboard.certificates.CertificateIssuer;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.onboard.certificates.SigningKeys;
import dstack.kms.onboard.progress.Progress;
import dstack.kms.onboard.progress.SetupStep;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the root keys of a new KMS, once (specification 04 §4.2, §4.4).
 *
 * <p>Nothing is written before everything is known: keys, certificates, evidence and the answer are
 * made first, then the store takes all of it or nothing. So public keys are never published without
 * the private keys behind them (T-14).
 */
public final class Bootstrap {
  private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

  private final KeyStore store;
  private final SelfAuthorization authorization;
  private final CertificateIssuer issuer;
  private final QuoteSource quotes;
  private final SecureRandom random;
  private final AuditTrail audit;

  /** One set-up at a time: the second waits, and then finds the keys of the first (T-07). */
  private final ReentrantLock settingUp = new ReentrantLock();

  /**
   * @param store takes the keys
   * @param authorization whether this machine may be a KMS
   * @param issuer makes its certificates
   * @param quotes attests the public keys
   * @param random makes the keys
   * @param audit takes the decision
   */
  public Bootstrap(
      KeyStore store,
      SelfAuthorization authorization,
      CertificateIssuer issuer,
      QuoteSource quotes,
      SecureRandom random,
      AuditTrail audit) {
    this.store = store;
    this.authorization = authorization;
    this.issuer = issuer;
    this.quotes = quotes;
    this.random = random;
    this.audit = audit;
  }

  /** Bootstraps on an operator's call; the public keys with evidence over both. */
  public BootstrapInfo run(RpcDomain domain, Progress progress) {
    Attempt asked = new Attempt(domain, true, progress);
    return exclusively("KMS is not allowed to bootstrap", asked).orElseThrow();
  }

  /** Bootstraps because the configuration says so; nothing is published. */
  public void runUnasked(RpcDomain domain) {
    Attempt unasked = new Attempt(domain, false, Progress.unwatched());
    exclusively("KMS is not allowed to auto-bootstrap", unasked);
  }

  private record Attempt(RpcDomain domain, boolean published, Progress progress) {
    Map<String, String> facts() {
      return Map.of("domain", domain.text(), "by", published ? "operator" : "configuration");
    }
  }

  private Optional<BootstrapInfo> exclusively(String context, Attempt attempt) {
    settingUp.lock();
    try {
      attempt.progress().at(SetupStep.CHECKING);
      if (store.hasKeys()) {
        throw new RefusalException(SetupRefusal.ALREADY_BOOTSTRAPPED, SetUp.BOOTSTRAP.refusal());
      }
      attempt.progress().at(SetupStep.AUTHORIZATION);
      Step.run(context, authorization::require);
      return create(attempt);
    } catch (RefusalException e) {
      audit.note(AuditEvent.refused(AuditKind.BOOTSTRAP, e, attempt.facts()));
      throw e;
    } finally {
      settingUp.unlock();
    }
  }

  private Optional<BootstrapInfo> create(Attempt attempt) {
    RpcDomain domain = attempt.domain();
    attempt.progress().at(SetupStep.KEYS);
    try (SigningKeys keys = SigningKeys.generate(random);
        Secp256k1PrivateKey k256 = Secp256k1PrivateKey.generate(random)) {
      attempt.progress().at(SetupStep.CERTIFICATES);
      CertificateSet certificates =
          Step.named("Failed to generate keys", () -> issuer.issue(keys, domain));
      KeyStatement statement = new KeyStatement(keys.rootCa().publicKey(), k256.publicKey());
      attempt.progress().at(SetupStep.KEY_STATEMENT);
      Optional<BootstrapInfo> info =
          attempt.published() ? Optional.of(statement.attested(quotes)) : Optional.empty();
      attempt.progress().at(SetupStep.STORE);
      audit.require(AuditEvent.done(AuditKind.BOOTSTRAP, statement.facts(attempt.facts())));
      store(keys, k256, certificates, domain, info);
      log.info("bootstrapped for {}: k256 public key {}", domain, k256.publicKey().compressed());
      return info;
    }
  }

  private void store(
      SigningKeys keys,
      Secp256k1PrivateKey k256,
      CertificateSet certificates,
      RpcDomain domain,
      Optional<BootstrapInfo> info) {
    KeySet secrets =
        new KeySet(
            keys.rootCa().pkcs8Pem(),
            keys.tmpCa().pkcs8Pem(),
            keys.rpc().pkcs8Pem(),
            k256.scalar());
    try (KeyMaterial material = new KeyMaterial(secrets, certificates, domain.text(), info)) {
      store.create(material, SetUp.BOOTSTRAP);
    }
  }
}
