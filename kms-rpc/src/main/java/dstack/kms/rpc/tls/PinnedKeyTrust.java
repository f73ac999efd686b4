package dstack.kms.rpc.tls;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.refusal.RefusalException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts one key and looks at nothing else in the certificate (T-19). It judges in the handshake,
 * so that a server of another key never sees the evidence in this end's own certificate.
 */
final class PinnedKeyTrust extends X509ExtendedTrustManager {
  private final Bytes spki;
  private volatile @Nullable CertificateException rejection;

  /** Trusts the key of this subject public key info. */
  PinnedKeyTrust(Bytes spki) {
    this.spki = spki;
  }

  /** Why the server's certificate was refused, if it was. */
  Optional<CertificateException> rejection() {
    return Optional.ofNullable(rejection);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    requirePinned(chain[0]);
  }

  private void requirePinned(X509Certificate leaf) throws CertificateException {
    if (!isPinned(leaf)) {
      CertificateException refused =
          new CertificateException("the server's key is not the one expected");
      rejection = refused;
      throw refused;
    }
  }

  private boolean isPinned(X509Certificate leaf) throws CertificateException {
    try {
      return ParsedCertificate.parse(Bytes.of(leaf.getEncoded())).spki().equals(spki);
    } catch (RefusalException unreadable) {
      return false;
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    requirePinned(chain[0]);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    requirePinned(chain[0]);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw isClient();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw isClient();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw isClient();
  }

  private static CertificateException isClient() {
    return new CertificateException("this end is a client");
  }
}
