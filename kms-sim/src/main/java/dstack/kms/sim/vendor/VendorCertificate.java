package dstack.kms.sim.vendor;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.pki.PemText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * A key, the certificate over it, and how its signatures on certificates and lists are made.
 *
 * @param scheme of what this key signs
 */
public record VendorCertificate(
    VendorKey key, SigningScheme scheme, X509CertificateHolder certificate) {
  private static final String PEM_LABEL = "CERTIFICATE";

  static VendorCertificate fromPem(VendorKey key, SigningScheme scheme, String pem) {
    try {
      byte[] der = PemText.decode(PEM_LABEL, pem).toArray();
      return new VendorCertificate(key, scheme, new X509CertificateHolder(der));
    } catch (IOException e) {
      throw new UncheckedIOException("not a certificate of a simulated maker", e);
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

  /** The serial number, as revocation lists name it. */
  public BigInteger serialNumber() {
    return certificate.getSerialNumber();
  }

  X500Name subject() {
    return certificate.getSubject();
  }
}
