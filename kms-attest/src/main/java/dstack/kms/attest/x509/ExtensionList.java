package dstack.kms.attest.x509;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;

/** The extensions of a certificate, a revocation list or one of its entries, in their order. */
final class ExtensionList {
  static final String KEY_USAGE = "2.5.29.15";
  static final String SUBJECT_ALT_NAME = "2.5.29.17";
  static final String BASIC_CONSTRAINTS = "2.5.29.19";
  static final String NAME_CONSTRAINTS = "2.5.29.30";
  static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  static final String CRL_DISTRIBUTION_POINTS = "2.5.29.31";
  static final String AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
  static final ExtensionList NONE = new ExtensionList(List.of());

  private final List<Extension> entries;

  private ExtensionList(List<Extension> entries) {
    this.entries = entries;
  }

  private record Extension(String oid, boolean critical, Bytes value) {
    static Extension read(ASN1Encodable encoded) {
      ASN1Sequence parts = StrictDer.sequence(encoded);
      if (parts.size() != 2 && parts.size() != 3) {
        throw StrictDer.badDer();
      }
      String oid = StrictDer.as(parts.getObjectAt(0), ASN1ObjectIdentifier.class).getId();
      // DER leaves a default out, so a criticality that is written must be TRUE.
      boolean critical = parts.size() == 3;
      if (critical && !StrictDer.as(parts.getObjectAt(1), ASN1Boolean.class).isTrue()) {
        throw StrictDer.badDer();
      }
      Bytes value =
          Bytes.of(
              StrictDer.as(parts.getObjectAt(parts.size() - 1), ASN1OctetString.class).getOctets());
      return new Extension(oid, critical, value);
    }
  }

  static ExtensionList read(ASN1Encodable encoded) {
    List<Extension> entries = new ArrayList<>();
    for (ASN1Encodable entry : StrictDer.sequence(encoded)) {
      entries.add(Extension.read(entry));
    }
    return new ExtensionList(List.copyOf(entries));
  }

  /** Refuses a critical extension that is none of these, and any of these that stands twice. */
  void requireUnderstood(Set<String> understood) {
    for (Extension extension : entries) {
      if (!understood.contains(extension.oid)) {
        if (extension.critical) {
          throw new RefusalException(
              PathRefusal.UNSUPPORTED, "UnsupportedCriticalExtension", extension.oid);
        }
      } else if (count(extension.oid) > 1) {
        throw new RefusalException(
            PathRefusal.MALFORMED, "ExtensionValueInvalid", extension.oid + " stands twice");
      }
    }
  }

  boolean has(String oid) {
    return count(oid) > 0;
  }

  private long count(String oid) {
    return entries.stream().filter(extension -> extension.oid.equals(oid)).count();
  }

  /**
   * The value of the extension.
   *
   * @throws RefusalException if it stands there twice
   */
  Optional<Bytes> value(String oid) {
    if (count(oid) > 1) {
      throw new RefusalException(
          PathRefusal.INTEL_EXTENSION, "extension " + oid + " appears more than once");
    }
    return entries.stream()
        .filter(extension -> extension.oid.equals(oid))
        .map(Extension::value)
        .findFirst();
  }
}
