package dstack.kms.rpc.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes every client certificate and names no acceptable authorities.
 *
 * <p>The temp CA's key is public by design, so a chain proves nothing; what counts is the evidence
 * in the certificate, bound to the key that the handshake proved (specification 00 §9). An empty
 * list of authorities makes clients send self-issued certificates too.
 */
final class AnyClientCertificate extends X509ExtendedTrustManager {
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw neverAsked();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw neverAsked();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw neverAsked();
  }

  private static CertificateException neverAsked() {
    return new CertificateException("this end is a server");
  }
}
