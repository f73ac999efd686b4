package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** One certificate of a chain like AWS's; every field can lie. */
final class ForgedCertificate {
  static final int AUTHORITY = KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.cRLSign;

  String subject;
  String issuer;
  String key;
  String signedWith;
  String algorithm = "SHA384WITHECDSA";
  BigInteger serial;
  Instant from;
  Instant to;
  boolean authority;
  int pathLength = -1;
  int usage;
  Optional<KeyPurposeId> purpose = Optional.empty();
  Optional<String> listUri = Optional.empty();
  Optional<String> criticalExtension = Optional.empty();

  ForgedCertificate(String subject, String issuer, Instant from, Instant to) {
    this.subject = subject;
    this.issuer = issuer;
    this.key = subject;
    this.signedWith = issuer;
    this.serial = BigInteger.valueOf(subject.hashCode() & 0x7fff_ffffL);
    this.from = from;
    this.to = to;
  }

  Bytes der() {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              name(issuer),
              serial,
              Date.from(from),
              Date.from(to),
              name(subject),
              P384Keys.publicKeyInfo(key));
      add(builder, Extension.basicConstraints, true, constraints());
      if (usage != 0) {
        add(builder, Extension.keyUsage, authority, new KeyUsage(usage));
      }
      if (purpose.isPresent()) {
        add(builder, Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.get()));
      }
      if (listUri.isPresent()) {
        add(builder, Extension.cRLDistributionPoints, false, points(listUri.get()));
      }
      if (criticalExtension.isPresent()) {
        add(
            builder,
            new ASN1ObjectIdentifier(criticalExtension.get()),
            true,
            new KeyUsage(KeyUsage.digitalSignature));
      }
      return Bytes.of(builder.build(new RepeatableSigner(signedWith, algorithm)).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static X500Name name(String common) {
    return new X500Name("C=US,O=Amazon,OU=AWS,CN=" + common);
  }

  private BasicConstraints constraints() {
    if (!authority) {
      return new BasicConstraints(false);
    }
    return pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength);
  }

  private static CRLDistPoint points(String uri) {
    GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    return new CRLDistPoint(
        new DistributionPoint[] {
          new DistributionPoint(new DistributionPointName(new GeneralNames(name)), null, null)
        });
  }

  private static void add(
      X509v3CertificateBuilder builder, ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable v)
      throws IOException {
    builder.addExtension(oid, critical, v);
  }
}
