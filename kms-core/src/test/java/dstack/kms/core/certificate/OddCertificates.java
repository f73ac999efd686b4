package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import java.io.ByteArrayOutputStream;

/** Puts certificates together from raw DER, so that each part can be odd or wrong. */
final class OddCertificates {
  static final Bytes ECDSA = Bytes.fromHex("300a06082a8648ce3d040302");
  static final Bytes VERSION_3 = Bytes.fromHex("a003020102");
  static final Bytes SERIAL = Bytes.fromHex("020101");
  static final Bytes NAME = Bytes.fromHex("300c310a300806035504030c0178");
  static final Bytes VALIDITY = sequence(time(0x17, "750101000000Z"), time(0x17, "360101000000Z"));
  static final Bytes SPKI = CertificateFixtures.LEAF_KEY.subjectPublicKeyInfo();
  static final Bytes SIGNATURE = tlv(0x03, Bytes.fromHex("003006020101020101"));

  private OddCertificates() {}

  /** A value with its shortest length. */
  static Bytes tlv(int tag, Bytes... parts) {
    Bytes content = Bytes.concat(parts);
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(tag);
    int length = content.length();
    if (length < 0x80) {
      head.write(length);
    } else {
      int count = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
      head.write(0x80 | count);
      for (int i = count - 1; i >= 0; i--) {
        head.write(length >>> (8 * i));
      }
    }
    return Bytes.concat(Bytes.of(head.toByteArray()), content);
  }

  static Bytes sequence(Bytes... parts) {
    return tlv(0x30, parts);
  }

  static Bytes time(int tag, String text) {
    return tlv(tag, Bytes.utf8(text));
  }

  static Bytes extension(String oidHex, boolean critical, Bytes value) {
    Bytes flag = critical ? Bytes.fromHex("0101ff") : Bytes.EMPTY;
    return sequence(tlv(0x06, Bytes.fromHex(oidHex)), flag, tlv(0x04, value));
  }

  static Bytes extensions(Bytes... extensions) {
    return tlv(0xa3, sequence(extensions));
  }

  static Bytes certificate(Bytes... tbsParts) {
    return sequence(sequence(tbsParts), ECDSA, SIGNATURE);
  }

  /** A plain version 3 certificate with these extensions. */
  static Bytes withExtensions(Bytes... extensions) {
    return certificate(
        VERSION_3, SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI, extensions(extensions));
  }

  /** One with the attestation extension holding this value. */
  static Bytes withAttestationValue(Bytes value) {
    return withExtensions(extension("2b0601040183e73d0108", false, value));
  }
}
