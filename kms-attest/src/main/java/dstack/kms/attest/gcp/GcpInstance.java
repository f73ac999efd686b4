package dstack.kms.attest.gcp;

import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.der.DerReader;
import dstack.kms.core.der.DerTag;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Which virtual machine an attestation key belongs to, as Google states it in the key's certificate
 * (specification 14 §4, extension 1.3.6.1.4.1.11129.2.1.21). As good as that certificate.
 *
 * @param zone for example {@code us-central1-a}
 * @param project the project's id
 * @param id the instance's number
 */
record GcpInstance(String zone, String project, BigInteger id) {
  private static final String OID = "1.3.6.1.4.1.11129.2.1.21";
  private static final int UTF8_STRING = 0x0c;

  /** What a text of the extension may consist of, so that it can stand in a log line. */
  private static final String WORD = "[A-Za-z0-9._:-]{1,100}";

  /** The machine; empty if the certificate does not name one in the form that is known. */
  static Optional<GcpInstance> of(UnverifiedCertificate ak) {
    try {
      return ak.extension(OID).flatMap(GcpInstance::read);
    } catch (RefusalException standsTwice) {
      return Optional.empty();
    }
  }

  /** The machine of an extension's value; empty if it is of another form. */
  static Optional<GcpInstance> read(Bytes extension) {
    try {
      return fields(extension);
    } catch (RefusalException unknownForm) {
      return Optional.empty();
    }
  }

  private static Optional<GcpInstance> fields(Bytes extension) {
    DerReader fields = new DerReader(extension).enter(DerTag.SEQUENCE);
    String zone = fields.content(UTF8_STRING).utf8Text();
    fields.skip(DerTag.INTEGER); // the project's number
    String project = fields.content(UTF8_STRING).utf8Text();
    Bytes id = fields.content(DerTag.INTEGER);
    boolean known = zone.matches(WORD) && project.matches(WORD) && !id.isEmpty();
    return known
        ? Optional.of(new GcpInstance(zone, project, new BigInteger(id.toArray())))
        : Optional.empty();
  }

  /** The machine's name in the form of Google's interfaces. */
  String label() {
    return "projects/" + project + "/zones/" + zone + "/instances/" + id;
  }
}
