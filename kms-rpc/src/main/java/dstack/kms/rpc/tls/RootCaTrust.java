package dstack.kms.rpc.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's path validation under one CA, with the name check that the engine asks for. It
 * remembers why it said no: what a failed handshake reports depends on the engine and on timing.
 */
final class RootCaTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager rules;
  private volatile @Nullable CertificateException rejection;

  private RootCaTrust(X509ExtendedTrustManager rules) {
    this.rules = rules;
  }

  static RootCaTrust of(X509Certificate rootCa) {
    try {
      KeyStore only = KeyStore.getInstance("PKCS12");
      only.load(null, null);
      only.setCertificateEntry("root", rootCa);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(only);
      return new RootCaTrust((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK validates paths", e);
    }
  }

  /** Why the server's certificate was refused, if it was. */
  Optional<CertificateException> rejection() {
    return Optional.ofNullable(rejection);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return rules.getAcceptedIssuers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      rules.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      rejection = e;
      throw e;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw withoutEngine();
  }

  /** Without the engine the name could not be checked. */
  private static CertificateException withoutEngine() {
    return new CertificateException("this end is a client with an engine");
  }
}
