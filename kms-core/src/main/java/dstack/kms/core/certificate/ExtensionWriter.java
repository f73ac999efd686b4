package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Writes the extensions of a certificate in the form of the original. */
final class ExtensionWriter {
  private static final int KEY_ID_LENGTH = 20;

  private ExtensionWriter() {}

  static Extension subjectAltName(List<SubjectAltName> names) {
    GeneralName[] general =
        names.stream().map(ExtensionWriter::generalName).toArray(GeneralName[]::new);
    return extension(Extension.subjectAlternativeName, false, new GeneralNames(general));
  }

  /** Nine bits with the last, decipherOnly, clear: the original writes the string untrimmed. */
  static Extension keyUsage(boolean authority) {
    byte bits = (byte) (authority ? 0x86 : 0x80);
    return extension(Extension.keyUsage, true, new DERBitString(new byte[] {bits, 0}, 7));
  }

  static Extension extendedKeyUsage(List<KeyPurposeId> purposes) {
    return extension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
  }

  static Extension subjectKeyIdentifier(P256PublicKey key) {
    Bytes id = Digests.sha256(key.subjectPublicKeyInfo()).slice(0, KEY_ID_LENGTH);
    return extension(Extension.subjectKeyIdentifier, false, new DEROctetString(id.toArray()));
  }

  static Extension basicConstraints(int pathLength) {
    return extension(Extension.basicConstraints, true, new BasicConstraints(pathLength));
  }

  /** A KMS extension: the content in an OCTET STRING of its own inside the extension's. */
  static Extension nested(KmsExtension extension, Bytes content) {
    return extension(
        new ASN1ObjectIdentifier(extension.oid()), false, new DEROctetString(content.toArray()));
  }

  private static GeneralName generalName(SubjectAltName name) {
    return switch (name) {
      case SubjectAltName.DnsName dns ->
          new GeneralName(GeneralName.dNSName, new DERIA5String(dns.name()));
      case SubjectAltName.IpAddress ip ->
          new GeneralName(GeneralName.iPAddress, new DEROctetString(ip.address().toArray()));
    };
  }

  private static Extension extension(
      ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
    try {
      return new Extension(oid, critical, value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
