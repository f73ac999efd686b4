package dstack.kms.rpc.tls.hostile;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.rpc.tls.KeySigner;
import dstack.kms.rpc.tls.OddCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** A client certificate, which may be anybody's, and a key, which may be another's. */
record Identity(Bytes certificate, P256PrivateKey key) {
  /** A self-issued certificate as RA-TLS clients have one. */
  static Identity fresh() {
    return with(0);
  }

  /** The same with so many bytes in an extension, as evidence has them. */
  static Identity with(int evidence) {
    P256PrivateKey key = P256PrivateKey.generate(new SecureRandom());
    X500Name name = new X500Name("CN=RA-TLS TEMP Cert");
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            name,
            BigInteger.TWO,
            Date.from(Instant.parse("1975-01-01T00:00:00Z")),
            Date.from(Instant.parse("2049-01-01T00:00:00Z")),
            name,
            SubjectPublicKeyInfo.getInstance(key.publicKey().subjectPublicKeyInfo().toArray()));
    try {
      if (evidence > 0) {
        builder.addExtension(
            new ASN1ObjectIdentifier(OddCertificate.EVIDENCE), false, new byte[evidence]);
      }
      return new Identity(Bytes.of(builder.build(new KeySigner(key)).getEncoded()), key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How the test server names this client. */
  String name() {
    return Digests.sha256(certificate).hex();
  }

  /** The same certificate with a key that is not its own. */
  Identity withAnotherKey() {
    return new Identity(certificate, P256PrivateKey.generate(new SecureRandom()));
  }

  byte[] sign(byte[] content) {
    return Wire.concat(
        Wire.bytes(4, 3), Wire.vector(2, key.sign(Bytes.of(content)).toDer().toArray()));
  }
}
