package dstack.kms.rpc.tls;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.secret.Secret;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;

/**
 * A certificate and its key in the form that the TLS engines take.
 *
 * <p>The engines keep the key on the heap, or in memory of their own: it is the key of one TLS
 * endpoint and never a root key.
 */
public final class TlsIdentity {
  private final X509Certificate certificate;
  private final PrivateKey key;

  private TlsIdentity(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * The identity of this leaf, which is presented alone.
   *
   * @param certificateDer the certificate
   * @param key its private key
   * @throws IllegalArgumentException if the certificate cannot be read or is of another key
   */
  public static TlsIdentity of(Bytes certificateDer, P256PrivateKey key) {
    X509Certificate certificate = certificate(certificateDer);
    Bytes spki = Bytes.of(certificate.getPublicKey().getEncoded());
    if (!spki.equals(key.publicKey().subjectPublicKeyInfo())) {
      throw new IllegalArgumentException("the certificate is of another key");
    }
    try (Secret der = key.pkcs8Der()) {
      return new TlsIdentity(certificate, der.expose(TlsIdentity::privateKey));
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  PrivateKey key() {
    return key;
  }

  static X509Certificate certificate(Bytes der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der.toArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a certificate", e);
    }
  }

  private static PrivateKey privateKey(byte[] pkcs8) {
    try {
      return KeyFactory.getInstance("EC", "SunEC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK reads a P-256 key", e);
    }
  }
}
