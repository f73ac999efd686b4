package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.der.DerReader;
import dstack.kms.core.der.DerTag;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;

/**
 * Reads the KMS extensions of a certificate (specification 02 §1).
 *
 * <p>The content is nested in a second OCTET STRING. An extension that occurs twice is refused, so
 * is a value that is not exactly one OCTET STRING: {@code Failed to get extension for […]: …}.
 */
public final class KmsExtensions {
  private final ParsedCertificate certificate;

  /** The extensions of this certificate; what they say is unverified. */
  public KmsExtensions(ParsedCertificate certificate) {
    this.certificate = certificate;
  }

  /** The content of the extension, or empty if the certificate has none. */
  public Optional<Bytes> find(KmsExtension extension) {
    List<CertificateExtension> found = certificate.extensions(extension.oid());
    if (found.size() > 1) {
      throw new RefusalException(
          CertificateRefusal.EXTENSION_DUPLICATE,
          "Failed to get extension for " + extension.inErrors() + ": duplicate extensions");
    }
    return found.stream().findFirst().map(single -> unwrap(extension, single.value()));
  }

  /** The text of the special usage, or empty; text that is not UTF-8 is refused. */
  public Optional<String> specialUsage() {
    return find(KmsExtension.SPECIAL_USAGE)
        .map(
            content ->
                content
                    .strictUtf8Text()
                    .orElseThrow(
                        () ->
                            new RefusalException(
                                CertificateRefusal.EXTENSION_MALFORMED,
                                "Failed to decode special usage as utf8")));
  }

  private static Bytes unwrap(KmsExtension extension, Bytes value) {
    try {
      DerReader reader = new DerReader(value);
      Bytes content = reader.content(DerTag.OCTET_STRING);
      reader.expectEnd();
      return content;
    } catch (RefusalException e) {
      throw e.within("Failed to get extension for " + extension.inErrors());
    }
  }
}
