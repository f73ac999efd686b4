package dstack.kms.sim.pki;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/**
 * What a certificate of the simulated platform is to say; every part can be made wrong on purpose.
 * The order of the extensions is that of Intel's certificates.
 */
public final class CertificateRecipe {
  private final String commonName;
  private final SimulatedKey key;
  private final BigInteger serialNumber;
  private final List<Extension> further = new ArrayList<>();
  private BasicConstraints constraints = new BasicConstraints(false);
  private int keyUsage = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;
  private Instant notBefore = Instant.EPOCH;
  private Instant notAfter = Instant.EPOCH;
  private String crlUrl = "";

  /** A recipe for an end-entity certificate over the key. */
  public CertificateRecipe(String commonName, SimulatedKey key, BigInteger serialNumber) {
    this.commonName = commonName;
    this.key = key;
    this.serialNumber = serialNumber;
  }

  /** Both ends belong to the validity; fractions of a second are dropped. */
  public CertificateRecipe validity(Instant from, Instant to) {
    notBefore = from;
    notAfter = to;
    return this;
  }

  /** A CA below which so many further CAs may follow. */
  public CertificateRecipe authority(int pathLength) {
    constraints = new BasicConstraints(pathLength);
    keyUsage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
    return this;
  }

  /** Replaces the key usage by these bits of {@link KeyUsage}. */
  public CertificateRecipe keyUsage(int bits) {
    keyUsage = bits;
    return this;
  }

  /** Where the issuer's revocation list is said to lie. */
  public CertificateRecipe crlUrl(String url) {
    crlUrl = url;
    return this;
  }

  /** Appends an extension with these DER content bytes. */
  public CertificateRecipe extension(String oid, boolean critical, Bytes der) {
    further.add(new Extension(new ASN1ObjectIdentifier(oid), critical, der.toArray()));
    return this;
  }

  /** The certificate signed by its own key. */
  public CertifiedKey selfSigned() {
    return build(subject(), key, key);
  }

  /** The certificate signed by the issuer. */
  public CertifiedKey signedBy(CertifiedKey issuer) {
    return build(issuer.certificate().getSubject(), issuer.key(), issuer.key());
  }

  /** The certificate that names the issuer but is signed by another key. */
  public CertifiedKey forged(CertifiedKey issuer, SimulatedKey signer) {
    return build(issuer.certificate().getSubject(), issuer.key(), signer);
  }

  private CertifiedKey build(X500Name issuer, SimulatedKey issuerKey, SimulatedKey signer) {
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            issuer, serialNumber, Date.from(notBefore), Date.from(notAfter), subject(), spki(key));
    try {
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId(issuerKey)));
      builder.addExtension(Extension.cRLDistributionPoints, false, distributionPoint());
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(key)));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
      builder.addExtension(Extension.basicConstraints, true, constraints);
      for (Extension extension : further) {
        builder.addExtension(extension.getExtnId(), extension.isCritical(), content(extension));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CertifiedKey(key, builder.build(signer.contentSigner()));
  }

  private static ASN1Encodable content(Extension extension) throws IOException {
    return ASN1Primitive.fromByteArray(extension.getExtnValue().getOctets());
  }

  private X500Name subject() {
    return new X500Name("CN=" + commonName + ",O=dstack simulated platform,L=Nowhere,ST=ZZ,C=ZZ");
  }

  private CRLDistPoint distributionPoint() {
    GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, crlUrl);
    DistributionPointName name = new DistributionPointName(new GeneralNames(uri));
    return new CRLDistPoint(new DistributionPoint[] {new DistributionPoint(name, null, null)});
  }

  private static SubjectPublicKeyInfo spki(SimulatedKey key) {
    return SubjectPublicKeyInfo.getInstance(key.publicKey().subjectPublicKeyInfo().toArray());
  }

  static byte[] keyId(SimulatedKey key) {
    return dstack.kms.core.bytes.Digests.sha256(key.publicKey().point()).slice(0, 20).toArray();
  }
}
