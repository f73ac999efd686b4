package dstack.kms.core.certificate;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.P256PublicKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Writes and signs a certificate: version 3, ecdsa-with-SHA256 without parameters. */
final class CertificateSigner {
  private static final int SERIAL_LENGTH = 20;
  private static final AlgorithmIdentifier ALGORITHM =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT);
  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT);

  private CertificateSigner() {}

  /** The signed certificate; the issuer name is taken as it stands in the issuer's certificate. */
  static Bytes sign(CertificateTemplate template, ASN1Encodable issuer, P256PrivateKey issuerKey) {
    Bytes tbs = encode(toBeSigned(template, issuer));
    byte[] signature = issuerKey.sign(tbs).toDer().toArray();
    return encode(sequence(decode(tbs), ALGORITHM, new DERBitString(signature)));
  }

  static ASN1Primitive decode(Bytes der) {
    try {
      return ASN1Primitive.fromByteArray(der.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ASN1Encodable toBeSigned(CertificateTemplate template, ASN1Encodable issuer) {
    return sequence(
        new DERTaggedObject(true, 0, new ASN1Integer(2)),
        new ASN1Integer(serial(template.key)),
        ALGORITHM,
        issuer,
        sequence(time(template.notBefore), time(template.notAfter)),
        template.subject(),
        decode(template.key.subjectPublicKeyInfo()),
        new DERTaggedObject(
            true, 3, sequence(template.extensions().toArray(ASN1Encodable[]::new))));
  }

  /** A function of the subject's key: 20 bytes of its hash with the top bit clear. */
  private static BigInteger serial(P256PublicKey key) {
    byte[] hash = Digests.sha256(key.point()).slice(0, SERIAL_LENGTH).toArray();
    hash[0] &= 0x7f;
    return new BigInteger(1, hash);
  }

  /** UTCTime for the years 1950 to 2049, else GeneralizedTime (RFC 5280 §4.1.2.5). */
  private static ASN1Encodable time(Instant instant) {
    ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
    boolean utcTime = utc.getYear() >= 1950 && utc.getYear() <= 2049;
    return utcTime
        ? new DERUTCTime(UTC_TIME.format(utc))
        : new DERGeneralizedTime(GENERALIZED_TIME.format(utc));
  }

  private static DERSequence sequence(ASN1Encodable... elements) {
    ASN1EncodableVector vector = new ASN1EncodableVector(elements.length);
    vector.addAll(elements);
    return new DERSequence(vector);
  }

  static Bytes encode(ASN1Encodable value) {
    try {
      return Bytes.of(value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
