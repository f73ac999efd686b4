package dstack.kms.core.certificate;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Collects what a certificate shall say, in the order in which it is written. */
final class CertificateTemplate {
  final P256PublicKey key;
  final Instant notBefore;
  final Instant notAfter;
  private final ASN1EncodableVector subject = new ASN1EncodableVector();
  private final List<SubjectAltName> altNames = new ArrayList<>();
  private final List<KeyPurposeId> purposes = new ArrayList<>();
  private final List<Extension> custom = new ArrayList<>();
  private OptionalInt pathLength = OptionalInt.empty();

  CertificateTemplate(P256PublicKey key, Instant notBefore, Instant notAfter) {
    this.key = key;
    this.notBefore = notBefore;
    this.notAfter = notAfter;
  }

  @CanIgnoreReturnValue
  CertificateTemplate organization(String name) {
    return subjectPart(BCStyle.O, name);
  }

  @CanIgnoreReturnValue
  CertificateTemplate commonName(String name) {
    return subjectPart(BCStyle.CN, name);
  }

  @CanIgnoreReturnValue
  CertificateTemplate altName(SubjectAltName name) {
    altNames.add(name);
    return this;
  }

  @CanIgnoreReturnValue
  CertificateTemplate purpose(KeyPurposeId purpose) {
    purposes.add(purpose);
    return this;
  }

  /** Makes it a certificate authority. */
  @CanIgnoreReturnValue
  CertificateTemplate authority(int maxPathLength) {
    pathLength = OptionalInt.of(maxPathLength);
    return this;
  }

  @CanIgnoreReturnValue
  CertificateTemplate extension(KmsExtension extension, Bytes content) {
    custom.add(ExtensionWriter.nested(extension, content));
    return this;
  }

  @CanIgnoreReturnValue
  CertificateTemplate usage(SpecialUsage usage) {
    return extension(KmsExtension.SPECIAL_USAGE, Bytes.utf8(usage.text()));
  }

  /** The subject name. */
  ASN1Encodable subject() {
    return new DERSequence(subject);
  }

  /** The extensions in the order of the original (specification 02 §5). */
  List<Extension> extensions() {
    List<Extension> all = new ArrayList<>();
    if (!altNames.isEmpty()) {
      all.add(ExtensionWriter.subjectAltName(altNames));
    }
    all.add(ExtensionWriter.keyUsage(pathLength.isPresent()));
    if (!purposes.isEmpty()) {
      all.add(ExtensionWriter.extendedKeyUsage(purposes));
    }
    if (pathLength.isPresent()) {
      all.add(ExtensionWriter.subjectKeyIdentifier(key));
      all.add(ExtensionWriter.basicConstraints(pathLength.getAsInt()));
    }
    all.addAll(custom);
    return all;
  }

  /** The name in DER that says nothing else than this. */
  static Bytes commonNameAlone(String value) {
    return CertificateSigner.encode(new DERSequence(part(BCStyle.CN, value)));
  }

  private CertificateTemplate subjectPart(ASN1ObjectIdentifier type, String value) {
    subject.add(part(type, value));
    return this;
  }

  private static DERSet part(ASN1ObjectIdentifier type, String value) {
    return new DERSet(new DERSequence(new ASN1Encodable[] {type, new DERUTF8String(value)}));
  }
}
