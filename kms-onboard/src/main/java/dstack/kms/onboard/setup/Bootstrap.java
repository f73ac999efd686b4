package dstack.kms.onboard.setup;

import dstack.kms.attest.source.QuoteSource;
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
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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

  /** One set-up at a time: the second waits, and then finds the keys of the first (T-07). */
  private final ReentrantLock settingUp = new ReentrantLock();

  /**
   * @param store takes the keys
   * @param authorization whether this machine may be a KMS
   * @param issuer makes its certificates
   * @param quotes attests the public keys
   * @param random makes the keys
   */
  public Bootstrap(
      KeyStore store,
      SelfAuthorization authorization,
      CertificateIssuer issuer,
      QuoteSource quotes,
      SecureRandom random) {
    this.store = store;
    this.authorization = authorization;
    this.issuer = issuer;
    this.quotes = quotes;
    this.random = random;
  }

  /** Bootstraps on an operator's call; the public keys with evidence over both. */
  public BootstrapInfo run(RpcDomain domain) {
    return exclusively("KMS is not allowed to bootstrap", () -> create(domain, true)).orElseThrow();
  }

  /** Bootstraps because the configuration says so; nothing is published. */
  public void runUnasked(RpcDomain domain) {
    exclusively("KMS is not allowed to auto-bootstrap", () -> create(domain, false));
  }

  private Optional<BootstrapInfo> exclusively(
      String context, Supplier<Optional<BootstrapInfo>> creation) {
    settingUp.lock();
    try {
      if (store.hasKeys()) {
        throw new RefusalException(SetupRefusal.ALREADY_BOOTSTRAPPED, SetUp.BOOTSTRAP.refusal());
      }
      Step.run(context, authorization::require);
      return creation.get();
    } finally {
      settingUp.unlock();
    }
  }

  private Optional<BootstrapInfo> create(RpcDomain domain, boolean published) {
    try (SigningKeys keys = SigningKeys.generate(random);
        Secp256k1PrivateKey k256 = Secp256k1PrivateKey.generate(random)) {
      CertificateSet certificates =
          Step.named("Failed to generate keys", () -> issuer.issue(keys, domain));
      KeyStatement statement = new KeyStatement(keys.rootCa().publicKey(), k256.publicKey());
      Optional<BootstrapInfo> info =
          published ? Optional.of(statement.attested(quotes)) : Optional.empty();
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
