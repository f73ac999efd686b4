package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import org.bouncycastle.cert.X509CertificateHolder;

/** A key and the certificate over it. */
public record CertifiedKey(SimulatedKey key, X509CertificateHolder certificate) {
  private static final String PEM_LABEL = "CERTIFICATE";

  static CertifiedKey fromPem(String keyPem, String certificatePem) {
    try {
      byte[] der = PemText.decode(PEM_LABEL, certificatePem).toArray();
      return new CertifiedKey(SimulatedKey.fromPem(keyPem), new X509CertificateHolder(der));
    } catch (IOException e) {
      throw new UncheckedIOException("not a certificate of the simulated platform", e);
    }
  }

  /** The certificate's DER bytes. */
  public Bytes der() {
    try {
      return Bytes.of(certificate.getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The certificate as one PEM block. */
  public String pem() {
    return PemText.encode(PEM_LABEL, der());
  }

  /** The certificate's serial number, as revocation lists name it. */
  public BigInteger serialNumber() {
    return certificate.getSerialNumber();
  }
}
