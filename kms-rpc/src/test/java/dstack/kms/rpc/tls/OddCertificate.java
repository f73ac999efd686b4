package dstack.kms.rpc.tls;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Certificates as strange as clients send them, made by Bouncy Castle and not by our own code. */
public final class OddCertificate {
  /** The extension of evidence. */
  public static final String EVIDENCE = "1.3.6.1.4.1.62397.1.8";

  private static final BouncyCastleProvider BC = new BouncyCastleProvider();
  private static final X500Name NAME = new X500Name("CN=RA-TLS TEMP Cert");
  private static final Date FROM = Date.from(Instant.parse("1975-01-01T00:00:00Z"));
  private static final Date TO = Date.from(Instant.parse("1976-01-01T00:00:00Z"));

  private final KeyPair key;
  private final String algorithm;
  private X500Name issuer = NAME;
  private KeyPair signer;
  private final java.util.List<Extension> extensions = new java.util.ArrayList<>();

  private OddCertificate(KeyPair key, String algorithm) {
    this.key = key;
    this.algorithm = algorithm;
    this.signer = key;
  }

  /** A certificate of 1975 to 1976 without any extension, for a fresh P-256 key. */
  public static OddCertificate p256() {
    return new OddCertificate(ec("secp256r1"), "SHA256withECDSA");
  }

  static OddCertificate p384() {
    return new OddCertificate(ec("secp384r1"), "SHA384withECDSA");
  }

  static OddCertificate rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", BC);
      generator.initialize(2048);
      return new OddCertificate(generator.generateKeyPair(), "SHA256withRSA");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
      generator.initialize(new ECGenParameterSpec(curve), new SecureRandom());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds an extension whose value is one OCTET STRING of that content. */
  public OddCertificate extension(String oid, boolean critical, byte[] content) {
    try {
      extensions.add(
          new Extension(
              new ASN1ObjectIdentifier(oid), critical, new DEROctetString(content).getEncoded()));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  OddCertificate certificateAuthority() {
    try {
      extensions.add(
          new Extension(Extension.basicConstraints, true, new BasicConstraints(true).getEncoded()));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  OddCertificate issuedByAStranger() {
    issuer = new X500Name("CN=Stranger");
    signer = ec("secp256r1");
    return this;
  }

  /** Adds an extension whose value is exactly these bytes, whatever they are. */
  public OddCertificate rawExtension(String oid, byte[] value) {
    extensions.add(new Extension(new ASN1ObjectIdentifier(oid), false, value));
    return this;
  }

  /** The DER subject public key info. */
  public Bytes spki() {
    return Bytes.of(key.getPublic().getEncoded());
  }

  /** The certificate in version 3. */
  public X509CertificateHolder build() {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(issuer, BigInteger.ONE, FROM, TO, NAME, info());
      for (Extension extension : extensions) {
        builder.addExtension(extension);
      }
      return builder.build(contentSigner());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public X509CertificateHolder buildVersion1() {
    return new X509v1CertificateBuilder(issuer, BigInteger.ONE, FROM, TO, NAME, info())
        .build(contentSigner());
  }

  /**
   * The certificate with every occurrence of one OID's last arc replaced by another of the same
   * length: the way to an extension that occurs twice. Its self-signature no longer holds.
   */
  public Bytes buildRenaming(String arc, String into) {
    return Bytes.fromHex(der(build()).hex().replace(arc, into));
  }

  /** Writes certificate and key for openssl and curl; the key beside it, ending in {@code .key}. */
  public Path write(Path folder, X509CertificateHolder certificate) {
    return write(folder, der(certificate));
  }

  /** The same for a certificate that no library would make. */
  public Path write(Path folder, Bytes certificate) {
    try {
      Path file = Files.createTempFile(folder, "client", ".pem");
      Files.writeString(file, pem("CERTIFICATE", certificate.toArray()));
      Files.writeString(Path.of(file + ".key"), pem("PRIVATE KEY", key.getPrivate().getEncoded()));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path write(Path folder) {
    return write(folder, build());
  }

  static Bytes der(X509CertificateHolder certificate) {
    try {
      return Bytes.of(certificate.getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String label, byte[] der) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(label, der));
    }
    return text.toString();
  }

  private SubjectPublicKeyInfo info() {
    return SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded());
  }

  private ContentSigner contentSigner() {
    try {
      String chosen = signer == key ? algorithm : "SHA256withECDSA";
      return new JcaContentSignerBuilder(chosen).setProvider(BC).build(signer.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
