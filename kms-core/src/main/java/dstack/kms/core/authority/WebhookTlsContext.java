package dstack.kms.core.authority;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.WebhookTls;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.pem.PemArmor;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes the TLS context of the webhook's client. The key that it holds on the heap is that of one
 * TLS client and never a root key.
 */
final class WebhookTlsContext {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final char[] NO_PASSWORD = new char[0];

  private WebhookTlsContext() {}

  /** The context; empty if that of the Java runtime will do. */
  static Optional<SSLContext> of(WebhookTls config) {
    if (config.equals(WebhookTls.DEFAULT)) {
      return Optional.empty();
    }
    try {
      KeyManager[] keys =
          config.identity().isPresent() ? keyManagers(config.identity().get()) : null;
      TrustManager[] trust =
          config.authorities().isPresent() ? trustManagers(config.authorities().get()) : null;
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException e) {
      throw RefusalException.causedBy(
          AuthorityRefusal.TLS_FILES,
          "core.auth_api.webhook: ca, client_cert or client_key cannot be used: " + e.getMessage(),
          e);
    }
  }

  private static KeyManager[] keyManagers(WebhookTls.Identity identity)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    Certificate[] chain = certificates(identity.certificate());
    store.setKeyEntry("client", privateKey(identity.key()), NO_PASSWORD, chain);
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager[] trustManagers(Path authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    int number = 0;
    for (Certificate authority : certificates(authorities)) {
      store.setCertificateEntry("ca-" + number++, authority);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static Certificate[] certificates(Path file)
      throws GeneralSecurityException, IOException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    var blocks = PemArmor.decodeAll(CERTIFICATE, Files.readString(file));
    Certificate[] certificates = new Certificate[blocks.size()];
    for (int i = 0; i < certificates.length; i++) {
      Bytes der = blocks.get(i);
      certificates[i] = factory.generateCertificate(new ByteArrayInputStream(der.toArray()));
    }
    return certificates;
  }

  private static PrivateKey privateKey(Path file) throws GeneralSecurityException, IOException {
    KeyFactory factory = KeyFactory.getInstance("EC", "SunEC");
    try (Secret pem = Secret.takeOver(Files.readAllBytes(file));
        P256PrivateKey key = P256PrivateKey.fromPkcs8Pem(pem);
        Secret der = key.pkcs8Der()) {
      PKCS8EncodedKeySpec encoded = der.expose(PKCS8EncodedKeySpec::new);
      return factory.generatePrivate(encoded);
    }
  }
}
