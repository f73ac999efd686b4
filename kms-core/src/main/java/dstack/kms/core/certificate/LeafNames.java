package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;

/**
 * Whom a leaf certificate without an organization is made out to (specification 02 §5).
 *
 * @param commonName the whole of its subject
 * @param altNames IP addresses and DNS names in their order
 */
public record LeafNames(String commonName, List<String> altNames) {
  private static final String SUBJECT_ALT_NAME = Extension.subjectAlternativeName.getId();

  public LeafNames {
    altNames = List.copyOf(altNames);
  }

  /**
   * Whether a certificate is made out to these names, all of them and no others. A text that can be
   * no name, such as one with a space among the alternative ones, is refused.
   */
  public boolean areThoseOf(ParsedCertificate certificate) {
    return certificate.subject().equals(CertificateTemplate.commonNameAlone(commonName))
        && certificate.extensions(SUBJECT_ALT_NAME).stream()
            .map(CertificateExtension::value)
            .toList()
            .equals(expected());
  }

  private List<Bytes> expected() {
    if (altNames.isEmpty()) {
      return List.of();
    }
    Extension names =
        ExtensionWriter.subjectAltName(altNames.stream().map(SubjectAltName::of).toList());
    return List.of(Bytes.of(names.getExtnValue().getOctets()));
  }
}
