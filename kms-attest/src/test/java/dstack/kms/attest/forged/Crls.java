package dstack.kms.attest.forged;

import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Time;

/** Makes one revocation list; every part can be changed before it is signed. */
public final class Crls {
  public String issuer;
  public String key;
  public int version = 1;
  public Instant thisUpdate = Certs.FROM;
  public Instant nextUpdate = Certs.TO;
  public boolean withoutNextUpdate;
  public boolean badSignature;
  public Bytes innerAlgorithm = Certs.ECDSA_SHA256;
  public final List<ASN1Encodable> entries = new ArrayList<>();
  public final List<ASN1Encodable> extensions = new ArrayList<>();

  private Crls(String issuer) {
    this.issuer = issuer;
    this.key = issuer;
    with(Extension.cRLNumber, false, Certs.der(new CRLNumber(BigInteger.ONE)));
  }

  public static Crls of(String issuer) {
    return new Crls(issuer);
  }

  public Crls with(ASN1ObjectIdentifier oid, boolean critical, Bytes value) {
    extensions.add(new Extension(oid, critical, value.toArray()).toASN1Primitive());
    return this;
  }

  public Crls revoking(long serial) {
    entries.add(entry(serial));
    return this;
  }

  public Crls withEntry(long serial, ASN1ObjectIdentifier oid, boolean critical) {
    Extension extension = new Extension(oid, critical, Bytes.fromHex("0500").toArray());
    entries.add(
        new DERSequence(
            new ASN1Encodable[] {
              new ASN1Integer(serial),
              new Time(Date.from(Certs.FROM)),
              new DERSequence(extension.toASN1Primitive())
            }));
    return this;
  }

  private static ASN1Encodable entry(long serial) {
    return new DERSequence(
        new ASN1Encodable[] {new ASN1Integer(serial), new Time(Date.from(Certs.FROM))});
  }

  public Bytes der() {
    ASN1EncodableVector body = new ASN1EncodableVector();
    if (version != 0) {
      body.add(new ASN1Integer(version));
    }
    body.add(Certs.asn1(innerAlgorithm));
    body.add(new X500Name("CN=" + issuer));
    body.add(new Time(Date.from(thisUpdate)));
    if (!withoutNextUpdate) {
      body.add(new Time(Date.from(nextUpdate)));
    }
    if (!entries.isEmpty()) {
      body.add(new DERSequence(entries.toArray(ASN1Encodable[]::new)));
    }
    body.add(
        new DERTaggedObject(true, 0, new DERSequence(extensions.toArray(ASN1Encodable[]::new))));
    return Certs.signed(new DERSequence(body), Certs.ECDSA_SHA256, key, badSignature);
  }
}
