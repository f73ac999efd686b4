package dstack.kms.sim.vendor;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.sim.pki.BufferedSigner;
import dstack.kms.sim.pki.PemText;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;

/** A private key of a simulated maker. It protects nothing, so it lives on the heap. */
public final class VendorKey {
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";

  private final KeyKind kind;
  private final PrivateKey privateKey;
  private final Bytes publicInfo;

  private VendorKey(KeyKind kind, PrivateKey privateKey, Bytes publicInfo) {
    this.kind = kind;
    this.privateKey = privateKey;
    this.publicInfo = publicInfo;
  }

  /** A fresh key. */
  public static VendorKey generate(KeyKind kind, SecureRandom random) {
    try {
      KeyPairGenerator generator = kind.generator();
      generator.initialize(parameters(kind), random);
      var pair = generator.generateKeyPair();
      return new VendorKey(kind, pair.getPrivate(), Bytes.of(pair.getPublic().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The P-384 key that follows from those secret bytes, at least 64. */
  public static VendorKey derived(Bytes seed) {
    X9ECParameters curve = CustomNamedCurves.getByName("P-384");
    Bytes wide = Bytes.concat(Digests.sha512(seed, Bytes.zeros(1)), Digests.sha512(seed));
    BigInteger scalar =
        new BigInteger(1, wide.toArray())
            .mod(curve.getN().subtract(BigInteger.ONE))
            .add(BigInteger.ONE);
    var domain = new ECNamedDomainParameters(SECObjectIdentifiers.secp384r1, curve);
    try {
      byte[] info =
          PrivateKeyInfoFactory.createPrivateKeyInfo(new ECPrivateKeyParameters(scalar, domain))
              .getEncoded();
      var point = new ECPublicKeyParameters(curve.getG().multiply(scalar), domain);
      byte[] spki = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(point).getEncoded();
      String pem = PemText.encode(PRIVATE, Bytes.of(info)) + PemText.encode(PUBLIC, Bytes.of(spki));
      return fromPem(KeyKind.P384, pem);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A secret that only the holder of this key can make. */
  public Bytes secretFor(String purpose) {
    return Digests.sha512(Bytes.utf8(purpose), Bytes.of(privateKey.getEncoded()));
  }

  private static AlgorithmParameterSpec parameters(KeyKind kind) {
    return switch (kind) {
      case P256 -> new ECGenParameterSpec("secp256r1");
      case P384 -> new ECGenParameterSpec("secp384r1");
      case RSA -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
    };
  }

  /** A PKCS#8 block and a block of the public key. */
  String pem() {
    return PemText.encode(PRIVATE, Bytes.of(privateKey.getEncoded()))
        + PemText.encode(PUBLIC, publicInfo);
  }

  /** The key of such a file. */
  static VendorKey fromPem(KeyKind kind, String pem) {
    try {
      var spec = new PKCS8EncodedKeySpec(PemText.decode(PRIVATE, pem).toArray());
      PrivateKey key =
          KeyFactory.getInstance(kind.algorithm(), kind.provider()).generatePrivate(spec);
      return new VendorKey(kind, key, PemText.decode(PUBLIC, pem));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a key of a simulated maker", e);
    }
  }

  /** Its kind. */
  public KeyKind kind() {
    return kind;
  }

  /** The DER subject public key info. */
  public Bytes publicInfo() {
    return publicInfo;
  }

  /** The signature in its X.509 form: DER for ECDSA. */
  public Bytes sign(SigningScheme scheme, Bytes message) {
    try {
      Signature signature = scheme.start();
      signature.initSign(privateKey);
      signature.update(message.toArray());
      return Bytes.of(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** R and s of an ECDSA signature, each in that many big-endian bytes. */
  public Bytes signFixed(SigningScheme scheme, Bytes message, int length) {
    ASN1Sequence pair = ASN1Sequence.getInstance(sign(scheme, message).toArray());
    return Bytes.concat(fixed(pair, 0, length), fixed(pair, 1, length));
  }

  private static Bytes fixed(ASN1Sequence pair, int index, int length) {
    BigInteger value = ASN1Integer.getInstance(pair.getObjectAt(index)).getValue();
    Bytes digits = Bytes.of(value.toByteArray());
    int surplus = digits.length() - length;
    return surplus >= 0
        ? digits.slice(surplus, digits.length())
        : Bytes.concat(Bytes.zeros(-surplus), digits);
  }

  /** Signs certificates and revocation lists. */
  ContentSigner contentSigner(SigningScheme scheme) {
    return new BufferedSigner(scheme.algorithm(), message -> sign(scheme, message));
  }

  SubjectPublicKeyInfo subjectPublicKeyInfo() {
    return SubjectPublicKeyInfo.getInstance(publicInfo.toArray());
  }

  /** Twenty bytes that name the key in certificates. */
  byte[] keyId() {
    return Digests.sha256(publicInfo).slice(0, 20).toArray();
  }

  /** The public key's bits: a point, or an RSA key in DER. */
  public Bytes publicBits() {
    return Bytes.of(subjectPublicKeyInfo().getPublicKeyData().getOctets());
  }

  /** The modulus of an RSA key without leading zeros. */
  public Bytes modulus() {
    try {
      ASN1Sequence key = (ASN1Sequence) subjectPublicKeyInfo().parsePublicKey();
      Bytes digits = Bytes.of(ASN1Integer.getInstance(key.getObjectAt(0)).getValue().toByteArray());
      return digits.at(0) == 0 ? digits.slice(1, digits.length()) : digits;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
