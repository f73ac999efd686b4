package dstack.kms.attest.nitro;

import dstack.kms.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;

/** A chain of the shape, the dates and the path lengths of AWS's, under a root of its own. */
final class ForgedChain {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String ROOT = "root.nitro.test";
  static final String REGIONAL = "regional.nitro.test";
  static final String ZONAL = "zonal.nitro.test";
  static final String INSTANCE = "instance.nitro.test";
  static final String LEAF = "leaf.nitro.test";
  static final String REGIONAL_LIST = "http://lists.nitro.test/root.crl";
  static final String ZONAL_LIST = "http://lists.nitro.test/regional.crl";

  final ForgedCertificate root = authority(ROOT, ROOT, -1, -3650, 3650);
  final ForgedCertificate regional = authority(REGIONAL, ROOT, 2, -5, 15);
  final ForgedCertificate zonal = authority(ZONAL, REGIONAL, 1, -2, 4);
  final ForgedCertificate instance = authority(INSTANCE, ZONAL, 0, -1, 1);
  final ForgedCertificate leaf =
      new ForgedCertificate(
          LEAF, INSTANCE, NOW.minus(Duration.ofHours(1)), NOW.plus(Duration.ofHours(2)));
  final List<BigInteger> revokedByRoot = new ArrayList<>();
  final List<BigInteger> revokedByRegional = new ArrayList<>();
  Instant listsUntil = NOW.plus(Duration.ofDays(7));
  String regionalListSigner = ROOT;

  ForgedChain() {
    regional.listUri = java.util.Optional.of(REGIONAL_LIST);
    zonal.listUri = java.util.Optional.of(ZONAL_LIST);
    instance.usage = KeyUsage.keyCertSign;
    leaf.usage = KeyUsage.digitalSignature | KeyUsage.nonRepudiation;
  }

  private static ForgedCertificate authority(
      String subject, String issuer, int pathLength, int daysFrom, int daysTo) {
    ForgedCertificate certificate =
        new ForgedCertificate(
            subject,
            issuer,
            NOW.plus(Duration.ofDays(daysFrom)),
            NOW.plus(Duration.ofDays(daysTo)));
    certificate.authority = true;
    certificate.pathLength = pathLength;
    certificate.usage = ForgedCertificate.AUTHORITY;
    return certificate;
  }

  NitroTrustAnchor anchor() {
    return NitroTrustAnchor.external(root.der());
  }

  /** The root first, as AWS orders it. */
  List<Bytes> cabundle() {
    return List.of(root.der(), regional.der(), zonal.der(), instance.der());
  }

  /** The revocation lists by their addresses. */
  Map<String, Bytes> lists() {
    Map<String, Bytes> lists = new HashMap<>();
    lists.put(REGIONAL_LIST, list(ROOT, regionalListSigner, revokedByRoot));
    lists.put(ZONAL_LIST, list(REGIONAL, REGIONAL, revokedByRegional));
    return lists;
  }

  private Bytes list(String issuer, String signer, List<BigInteger> revoked) {
    Instant from = NOW.minus(Duration.ofDays(30));
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(ForgedCertificate.name(issuer), Date.from(from));
    builder.setNextUpdate(Date.from(listsUntil));
    try {
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.ONE));
      for (BigInteger serial : revoked) {
        builder.addCRLEntry(serial, Date.from(from), 0);
      }
      return Bytes.of(builder.build(new RepeatableSigner(signer, "SHA384WITHECDSA")).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
