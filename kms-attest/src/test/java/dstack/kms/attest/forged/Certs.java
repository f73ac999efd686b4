package dstack.kms.attest.forged;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.Time;

/** Makes one certificate; every part can be changed before it is signed. */
public final class Certs {
  public static final Instant FROM = Instant.ofEpochSecond(1_700_000_000L);
  public static final Instant TO = Instant.ofEpochSecond(1_900_000_000L);
  public static final Bytes ECDSA_SHA256 = Bytes.fromHex("300a06082a8648ce3d040302");

  public String issuer;
  public String subject;
  public String issuerKey;
  public String key;
  public long serial;
  public int version = 2;
  public Instant notBefore = FROM;
  public Instant notAfter = TO;
  public Bytes algorithm = ECDSA_SHA256;
  public Bytes innerAlgorithm = ECDSA_SHA256;
  public Bytes spki;
  public boolean badSignature;
  public boolean twoFieldsMore;
  public final List<ASN1Encodable> extensions = new ArrayList<>();

  private Certs(String subject, String issuer) {
    this.subject = subject;
    this.issuer = issuer;
    this.key = subject;
    this.issuerKey = issuer;
    this.serial = Math.abs((long) subject.hashCode()) + 1;
    this.spki = Keys.named(subject).publicKey().subjectPublicKeyInfo();
  }

  public static Certs authority(String subject, String issuer) {
    return new Certs(subject, issuer)
        .with(Extension.basicConstraints, true, der(new BasicConstraints(true)))
        .with(Extension.keyUsage, true, der(new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
  }

  public static Certs leaf(String subject, String issuer) {
    return new Certs(subject, issuer)
        .with(Extension.basicConstraints, true, der(new BasicConstraints(false)))
        .with(Extension.keyUsage, true, der(new KeyUsage(KeyUsage.digitalSignature)));
  }

  public static Certs bare(String subject, String issuer) {
    return new Certs(subject, issuer);
  }

  public Certs with(ASN1ObjectIdentifier oid, boolean critical, Bytes value) {
    try {
      extensions.add(new Extension(oid, critical, value.toArray()).toASN1Primitive());
      return this;
    } catch (RuntimeException e) {
      throw new IllegalStateException(e);
    }
  }

  public Certs without(ASN1ObjectIdentifier oid) {
    extensions.removeIf(extension -> Extension.getInstance(extension).getExtnId().equals(oid));
    return this;
  }

  public Certs replacing(ASN1ObjectIdentifier oid, boolean critical, Bytes value) {
    return without(oid).with(oid, critical, value);
  }

  public Bytes der() {
    ASN1EncodableVector body = new ASN1EncodableVector();
    if (version != 0) {
      body.add(new DERTaggedObject(true, 0, new ASN1Integer(version)));
    }
    body.add(new ASN1Integer(BigInteger.valueOf(serial)));
    body.add(asn1(innerAlgorithm));
    body.add(new X500Name("CN=" + issuer));
    body.add(
        new DERSequence(
            new ASN1Encodable[] {new Time(Date.from(notBefore)), new Time(Date.from(notAfter))}));
    body.add(new X500Name("CN=" + subject));
    body.add(asn1(spki));
    if (twoFieldsMore) {
      body.add(new DERTaggedObject(false, 1, new DERBitString(new byte[] {1})));
    }
    if (!extensions.isEmpty()) {
      body.add(
          new DERTaggedObject(true, 3, new DERSequence(extensions.toArray(ASN1Encodable[]::new))));
    }
    return signed(new DERSequence(body), algorithm, issuerKey, badSignature);
  }

  static Bytes signed(ASN1Encodable body, Bytes algorithm, String key, boolean badSignature) {
    Bytes signature = Keys.sign(key, badSignature ? Bytes.utf8("else") : der(body)).toDer();
    return der(
        new DERSequence(
            new ASN1Encodable[] {body, asn1(algorithm), new DERBitString(signature.toArray())}));
  }

  public static Bytes der(ASN1Encodable value) {
    try {
      return Bytes.of(value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public static ASN1Primitive asn1(Bytes der) {
    try {
      return ASN1Primitive.fromByteArray(der.toArray());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String pem(Bytes der) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toArray())
        + "\n-----END CERTIFICATE-----\n";
  }
}
