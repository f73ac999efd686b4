package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.der.DerReader;
import dstack.kms.core.der.DerTag;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a certificate (RFC 5280 §4.1), each exactly as it stands. */
record CertificateParts(
    Bytes tbs,
    int version,
    Bytes serial,
    Bytes innerAlgorithm,
    Bytes issuer,
    CertificateValidity validity,
    Bytes subject,
    Bytes spki,
    List<CertificateExtension> extensions,
    Bytes outerAlgorithm,
    Bytes signature) {
  private static final int MAX_EXTENSIONS = 64;

  CertificateParts {
    extensions = List.copyOf(extensions);
  }

  static CertificateParts parse(Bytes der) {
    if (der.length() > ParsedCertificate.MAX_LENGTH) {
      throw new RefusalException(
          CertificateRefusal.CERTIFICATE_TOO_LARGE,
          "certificate of " + der.length() + " bytes, at most " + ParsedCertificate.MAX_LENGTH);
    }
    try {
      return certificate(der);
    } catch (RefusalException e) {
      throw e.within("malformed certificate");
    }
  }

  /** Whether the value of a basic constraints extension says CA:TRUE; what cannot be read does. */
  static boolean saysCa(Bytes basicConstraints) {
    try {
      DerReader content = new DerReader(basicConstraints).enter(DerTag.SEQUENCE);
      return content.nextIs(DerTag.BOOLEAN) && content.bool();
    } catch (RefusalException e) {
      return true;
    }
  }

  private static CertificateParts certificate(Bytes der) {
    DerReader outer = new DerReader(der);
    DerReader certificate = outer.enter(DerTag.SEQUENCE);
    outer.expectEnd();
    Bytes tbs = certificate.encoded(DerTag.SEQUENCE);
    Bytes algorithm = certificate.encoded(DerTag.SEQUENCE);
    Bytes signature = certificate.wholeByteBitString();
    certificate.expectEnd();
    return toBeSigned(tbs, algorithm, signature);
  }

  private static CertificateParts toBeSigned(Bytes tbs, Bytes outerAlgorithm, Bytes signature) {
    DerReader fields = new DerReader(tbs).enter(DerTag.SEQUENCE);
    int version = version(fields);
    Bytes serial = fields.content(DerTag.INTEGER);
    Bytes innerAlgorithm = fields.encoded(DerTag.SEQUENCE);
    Bytes issuer = fields.encoded(DerTag.SEQUENCE);
    CertificateValidity validity = CertificateValidity.parse(fields.enter(DerTag.SEQUENCE));
    Bytes subject = fields.encoded(DerTag.SEQUENCE);
    Bytes spki = spki(fields);
    skipUniqueIds(fields, version);
    List<CertificateExtension> extensions = extensions(fields, version);
    fields.expectEnd();
    return new CertificateParts(
        tbs,
        version,
        serial,
        innerAlgorithm,
        issuer,
        validity,
        subject,
        spki,
        extensions,
        outerAlgorithm,
        signature);
  }

  /** Version 1 is the default and therefore absent. */
  private static int version(DerReader fields) {
    Optional<DerReader> explicit = fields.enterIf(DerTag.contextConstructed(0));
    if (explicit.isEmpty()) {
      return 1;
    }
    int version = explicit.get().smallInteger() + 1;
    explicit.get().expectEnd();
    if (version != 2 && version != 3) {
      throw malformed("version " + version);
    }
    return version;
  }

  private static Bytes spki(DerReader fields) {
    Bytes encoded = fields.encoded(DerTag.SEQUENCE);
    DerReader spki = new DerReader(encoded).enter(DerTag.SEQUENCE);
    spki.skip(DerTag.SEQUENCE);
    spki.skip(DerTag.BIT_STRING);
    spki.expectEnd();
    return encoded;
  }

  private static void skipUniqueIds(DerReader fields, int version) {
    for (int number = 1; number <= 2; number++) {
      int tag = DerTag.contextPrimitive(number);
      if (version > 1 && fields.nextIs(tag)) {
        fields.skip(tag);
      }
    }
  }

  private static List<CertificateExtension> extensions(DerReader fields, int version) {
    Optional<DerReader> explicit = fields.enterIf(DerTag.contextConstructed(3));
    if (explicit.isEmpty()) {
      return List.of();
    }
    if (version != 3) {
      throw malformed("extensions in version " + version);
    }
    DerReader list = explicit.get().enter(DerTag.SEQUENCE);
    explicit.get().expectEnd();
    List<CertificateExtension> extensions = new ArrayList<>();
    while (list.hasMore()) {
      if (extensions.size() == MAX_EXTENSIONS) {
        throw malformed("more than " + MAX_EXTENSIONS + " extensions");
      }
      extensions.add(extension(list.enter(DerTag.SEQUENCE)));
    }
    return extensions;
  }

  private static CertificateExtension extension(DerReader fields) {
    String oid = fields.objectIdentifier();
    boolean critical = fields.nextIs(DerTag.BOOLEAN);
    if (critical && !fields.bool()) {
      throw malformed("extension " + oid + " writes out the default of critical");
    }
    Bytes value = fields.content(DerTag.OCTET_STRING);
    fields.expectEnd();
    return new CertificateExtension(oid, critical, value);
  }

  private static RefusalException malformed(String why) {
    return new RefusalException(CertificateRefusal.CERTIFICATE_MALFORMED, why);
  }
}
