package dstack.kms.sim.vendor;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
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
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** What a maker's certificate is to say; every part can be made wrong on purpose. */
public final class VendorRecipe {
  private final X500Name subject;
  private final VendorKey key;
  private final BigInteger serialNumber;
  private final List<Extension> further = new ArrayList<>();
  private SigningScheme scheme = SigningScheme.ECDSA_SHA384;
  private Optional<BasicConstraints> constraints = Optional.of(new BasicConstraints(false));
  private Optional<Integer> keyUsage = Optional.of(KeyUsage.digitalSignature);
  private boolean keyIds = true;
  private Instant notBefore = Instant.EPOCH;
  private Instant notAfter = Instant.EPOCH;

  /** A recipe for an end-entity certificate over the key. */
  public VendorRecipe(String subject, VendorKey key, BigInteger serialNumber) {
    this.subject = new X500Name(subject);
    this.key = key;
    this.serialNumber = serialNumber;
  }

  /** Both ends belong to the validity; fractions of a second are dropped. */
  public VendorRecipe validity(Instant from, Instant to) {
    notBefore = from;
    notAfter = to;
    return this;
  }

  /** How this key signs what it certifies. */
  public VendorRecipe signsWith(SigningScheme value) {
    scheme = value;
    return this;
  }

  /** A CA below which so many further CAs may follow. */
  public VendorRecipe authority(int pathLength) {
    constraints = Optional.of(new BasicConstraints(pathLength));
    keyUsage = Optional.of(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    return this;
  }

  /** A CA without a bound on what follows. */
  public VendorRecipe authority() {
    constraints = Optional.of(new BasicConstraints(true));
    keyUsage = Optional.of(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    return this;
  }

  /** Replaces the key usage by these bits of {@link KeyUsage}. */
  public VendorRecipe keyUsage(int bits) {
    keyUsage = Optional.of(bits);
    return this;
  }

  /** Nothing but the extensions that are added one by one, as in AMD's certificates of chips. */
  public VendorRecipe bare() {
    constraints = Optional.empty();
    keyUsage = Optional.empty();
    keyIds = false;
    return this;
  }

  /** Where the issuer's revocation list lies. */
  public VendorRecipe revocationList(String url) {
    GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, url);
    DistributionPointName name = new DistributionPointName(new GeneralNames(uri));
    return with(
        Extension.cRLDistributionPoints,
        false,
        new CRLDistPoint(new DistributionPoint[] {new DistributionPoint(name, null, null)}));
  }

  /** Where the issuer's certificate lies. */
  public VendorRecipe issuerCertificate(String url) {
    GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, url);
    return with(
        Extension.authorityInfoAccess,
        false,
        new AuthorityInformationAccess(AccessDescription.id_ad_caIssuers, uri));
  }

  /** The one purpose for which the certificate may be used. */
  public VendorRecipe purpose(String oid) {
    return with(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(oid))));
  }

  /** Appends an extension whose content is one DER value. */
  public VendorRecipe extension(String oid, boolean critical, ASN1Encodable content) {
    return with(new ASN1ObjectIdentifier(oid), critical, content);
  }

  /** Appends an extension with these content bytes, DER or not. */
  public VendorRecipe extension(String oid, Bytes content) {
    further.add(new Extension(new ASN1ObjectIdentifier(oid), false, content.toArray()));
    return this;
  }

  /** The certificate signed by its own key. */
  public VendorCertificate selfSigned() {
    return build(subject, key, key, scheme);
  }

  /** The certificate signed by the issuer. */
  public VendorCertificate signedBy(VendorCertificate issuer) {
    return build(issuer.subject(), issuer.key(), issuer.key(), issuer.scheme());
  }

  /** The certificate that names the issuer but is signed by another key of the same kind. */
  public VendorCertificate forged(VendorCertificate issuer, VendorKey signer) {
    return build(issuer.subject(), issuer.key(), signer, issuer.scheme());
  }

  private VendorCertificate build(
      X500Name issuer, VendorKey issuerKey, VendorKey signer, SigningScheme signedWith) {
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            issuer,
            serialNumber,
            Date.from(notBefore),
            Date.from(notAfter),
            subject,
            key.subjectPublicKeyInfo());
    try {
      addUsual(builder, issuerKey);
      for (Extension extension : further) {
        builder.addExtension(extension);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new VendorCertificate(key, scheme, builder.build(signer.contentSigner(signedWith)));
  }

  private void addUsual(X509v3CertificateBuilder builder, VendorKey issuerKey) throws IOException {
    if (keyUsage.isPresent()) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage.get()));
    }
    if (constraints.isPresent()) {
      builder.addExtension(Extension.basicConstraints, true, constraints.get());
    }
    if (keyIds) {
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(key.keyId()));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(issuerKey.keyId()));
    }
  }

  private VendorRecipe with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable content) {
    try {
      byte[] der = content.toASN1Primitive().getEncoded();
      further.add(new Extension(oid, critical, der));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
