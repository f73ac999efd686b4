package dstack.kms.attest.snp;

import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.x509.DistinguishedName;
import dstack.kms.attest.x509.PathRules;
import dstack.kms.attest.x509.RevocationList;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.Time;

/**
 * A hierarchy like AMD's whose every part can lie. Its ARK is given to the verifier as an external
 * root; its report is the real one of the vectors, changed and signed anew.
 */
final class SnpWorld {
  static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  static final SignatureVerifier VERIFIER = SignatureVerifiers.named("auto");
  static final String ARK_LIST = "https://kdsintf.amd.com/vcek/v1/Milan/crl";
  static final String ASK_LIST = "https://kdsintf.amd.com/vcek/v1/Milan/ask/crl";

  private static final KeyPair EC_ARK = ec();
  private static final KeyPair EC_ASK = ec();
  private static final KeyPair VCEK = ec();
  private static final KeyPair RSA_ARK = rsa();
  private static final KeyPair RSA_ASK = rsa();
  private static final Bytes ECDSA = Bytes.fromHex("300a06082a8648ce3d040303");
  private static final String SHA384 = "300d06096086480165030402020500";
  private static final Bytes PSS =
      Bytes.fromHex(
          "304106092a864886f70d01010a3034a00f"
              + SHA384
              + "a11c301a06092a864886f70d010108"
              + SHA384
              + "a203020130");

  boolean rsa;

  /** The family whose root the ARK stands for, and whether as the operator's or as AMD's own. */
  SnpProduct product = SnpProduct.MILAN;

  boolean external = true;
  Bytes report = RealSnp.report();
  Instant askFrom = NOW.minusSeconds(1000);
  Instant askTo = NOW.plusSeconds(1000);
  Instant vcekFrom = NOW.minusSeconds(1000);
  Instant vcekTo = NOW.plusSeconds(1000);
  Instant listTo = NOW.plusSeconds(1000);
  String vcekName = "SEV-VCEK";
  String vcekIssuer = "SEV-Milan";
  String askIssuer = "ARK-Milan";
  boolean askIsCa = true;
  boolean askNamesList = true;
  boolean vcekNamesList;
  boolean listSignedByAnother;
  boolean withoutLists;
  boolean vcekSignedByArk;
  final Map<String, Bytes> extensions = new LinkedHashMap<>();
  final Set<Long> arkRevokes = new HashSet<>();
  final Set<Long> askRevokes = new HashSet<>();

  SnpWorld() {
    extensions.put("1.1", Bytes.fromHex("020100"));
    extensions.put("1.2", Bytes.fromHex("16084d696c616e2d4230"));
    extensions.put("1.3.1", Bytes.fromHex("020104"));
    extensions.put("1.3.2", Bytes.fromHex("020100"));
    extensions.put("1.3.3", Bytes.fromHex("020117"));
    extensions.put("1.3.8", Bytes.fromHex("020200d5"));
    extensions.put("1.4", RealSnp.report().slice(0x1a0, 0x1e0));
  }

  Bytes ark() {
    return certificate(
        "ARK-Milan", "ARK-Milan", arkKey(), arkKey(), 1, NOW.minusSeconds(9), NOW, authority(true));
  }

  Bytes ask() {
    List<Extension> extensionsOfAsk = authority(askIsCa);
    if (askNamesList) {
      extensionsOfAsk.add(distributionPoint(ARK_LIST));
    }
    return certificate(
        "SEV-Milan", askIssuer, askKey(), arkKey(), 2, askFrom, askTo, extensionsOfAsk);
  }

  Bytes vcek() {
    List<Extension> own = new ArrayList<>();
    extensions.forEach((oid, value) -> own.add(extension("1.3.6.1.4.1.3704." + oid, value)));
    if (vcekNamesList) {
      own.add(distributionPoint(ASK_LIST));
    }
    KeyPair issuer = vcekSignedByArk ? arkKey() : askKey();
    return certificate(vcekName, vcekIssuer, VCEK, issuer, 0, vcekFrom, vcekTo, own);
  }

  /** The report with a signature of its own. */
  Bytes signedReport() {
    try {
      Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
      signature.initSign(VCEK.getPrivate());
      signature.update(report.slice(0, 0x2a0).toArray());
      byte[] bigEndian = signature.sign();
      byte[] whole = report.toArray();
      for (int i = 0; i < 48; i++) {
        whole[0x2a0 + i] = bigEndian[47 - i];
        whole[0x2a0 + 72 + i] = bigEndian[95 - i];
      }
      return Bytes.of(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  SevSnpEvidence evidence() {
    return new SevSnpEvidence(signedReport(), List.of(ask(), vcek()), mrConfig());
  }

  SevSnpEvidence evidenceWithoutCertificates() {
    return new SevSnpEvidence(signedReport(), List.of(), mrConfig());
  }

  static String mrConfig() {
    return RealSnp.evidence(RealSnp.complete()).mrConfig();
  }

  static Claims claims() {
    return RealSnp.claims(RealSnp.complete());
  }

  SnpTrustAnchors anchors() {
    if (external) {
      return SnpTrustAnchors.amd().withExternal(product, ark(), VERIFIER);
    }
    TrustAnchor own = TrustAnchor.of(UnverifiedCertificate.parse(ark()));
    Map<SnpProduct, SnpTrustAnchors.Root> roots = new EnumMap<>(SnpProduct.class);
    for (SnpProduct each : SnpProduct.values()) {
      roots.put(each, SnpTrustAnchors.amd().of(each));
    }
    roots.put(product, new SnpTrustAnchors.Root(own, PathRules.sevSnp(), false, List.of()));
    return new SnpTrustAnchors(roots);
  }

  SnpVerifier verifier(KdsSource kds) {
    return verifier(kds, SnpEvidenceConfig.defaults());
  }

  SnpVerifier verifier(KdsSource kds, SnpEvidenceConfig config) {
    return new SnpVerifier(
        anchors(), kds, documents(), RevocationRule.REQUIRED, config, VERIFIER, () -> NOW);
  }

  VerifiedSevSnp verify() {
    return verifier(new GivenKds(Optional.empty(), Optional.empty())).verify(evidence(), claims());
  }

  IssuerDocuments documents() {
    Map<String, RevocationList> lists = new HashMap<>();
    if (!withoutLists) {
      KeyPair signer = listSignedByAnother ? VCEK : arkKey();
      lists.put(ARK_LIST, RevocationList.parse(list("ARK-Milan", signer, arkRevokes)));
      lists.put(ASK_LIST, RevocationList.parse(list("SEV-Milan", askKey(), askRevokes)));
    }
    return new GivenLists(lists);
  }

  private record GivenLists(Map<String, RevocationList> lists) implements IssuerDocuments {
    @Override
    public Bytes certificate(String uri) {
      throw new AssertionError("nobody asks for certificates");
    }

    @Override
    public Optional<RevocationList> revocationList(String uri, DistinguishedName issuer) {
      return Optional.ofNullable(lists.get(uri));
    }

    @Override
    public void authentic(String uri, Bytes certificate) {}

    @Override
    public void authentic(String uri, RevocationList list) {}
  }

  private KeyPair arkKey() {
    return rsa ? RSA_ARK : EC_ARK;
  }

  private KeyPair askKey() {
    return rsa ? RSA_ASK : EC_ASK;
  }

  private static List<Extension> authority(boolean ca) {
    List<Extension> extensions = new ArrayList<>();
    extensions.add(
        new Extension(
            Extension.basicConstraints, true, Certs.der(new BasicConstraints(ca)).toArray()));
    KeyUsage usage = new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    extensions.add(new Extension(Extension.keyUsage, true, Certs.der(usage).toArray()));
    return extensions;
  }

  private static Extension extension(String oid, Bytes value) {
    return new Extension(new ASN1ObjectIdentifier(oid), false, value.toArray());
  }

  private static Extension distributionPoint(String uri) {
    GeneralNames names =
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    DistributionPoint point = new DistributionPoint(new DistributionPointName(names), null, null);
    CRLDistPoint points = new CRLDistPoint(new DistributionPoint[] {point});
    return extension("2.5.29.31", Certs.der(points));
  }

  private Bytes certificate(
      String subject,
      String issuer,
      KeyPair key,
      KeyPair issuerKey,
      long serial,
      Instant from,
      Instant to,
      List<Extension> extensionList) {
    ASN1EncodableVector body = new ASN1EncodableVector();
    body.add(new DERTaggedObject(true, 0, new ASN1Integer(2)));
    body.add(new ASN1Integer(serial));
    body.add(Certs.asn1(algorithm(issuerKey)));
    body.add(new X500Name("CN=" + issuer));
    body.add(
        new DERSequence(new ASN1Encodable[] {new Time(Date.from(from)), new Time(Date.from(to))}));
    body.add(new X500Name("CN=" + subject));
    body.add(Certs.asn1(Bytes.of(key.getPublic().getEncoded())));
    if (!extensionList.isEmpty()) {
      ASN1Encodable[] all = extensionList.toArray(ASN1Encodable[]::new);
      body.add(new DERTaggedObject(true, 3, new DERSequence(all)));
    }
    return signed(new DERSequence(body), issuerKey);
  }

  private Bytes list(String issuer, KeyPair key, Set<Long> revoked) {
    ASN1EncodableVector body = new ASN1EncodableVector();
    body.add(new ASN1Integer(1));
    body.add(Certs.asn1(algorithm(key)));
    body.add(new X500Name("CN=" + issuer));
    body.add(new Time(Date.from(NOW.minusSeconds(1000))));
    body.add(new Time(Date.from(listTo)));
    if (!revoked.isEmpty()) {
      ASN1EncodableVector entries = new ASN1EncodableVector();
      for (long serial : revoked) {
        entries.add(
            new DERSequence(
                new ASN1Encodable[] {new ASN1Integer(serial), new Time(Date.from(NOW))}));
      }
      body.add(new DERSequence(entries));
    }
    Extension number = extension("2.5.29.20", Certs.der(new CRLNumber(BigInteger.ONE)));
    body.add(new DERTaggedObject(true, 0, new DERSequence(number)));
    return signed(new DERSequence(body), key);
  }

  private static Bytes algorithm(KeyPair key) {
    return key.getPrivate().getAlgorithm().equals("RSA") ? PSS : ECDSA;
  }

  private static Bytes signed(ASN1Encodable body, KeyPair key) {
    Bytes signature = sign(Certs.der(body), key);
    return Certs.der(
        new DERSequence(
            new ASN1Encodable[] {
              body, Certs.asn1(algorithm(key)), new DERBitString(signature.toArray())
            }));
  }

  private static Bytes sign(Bytes message, KeyPair key) {
    try {
      boolean isRsa = key.getPrivate().getAlgorithm().equals("RSA");
      Signature signature = Signature.getInstance(isRsa ? "RSASSA-PSS" : "SHA384withECDSA");
      if (isRsa) {
        signature.setParameter(
            new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
      }
      signature.initSign(key.getPrivate());
      signature.update(message.toArray());
      return Bytes.of(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair ec() {
    return pair("EC", 384);
  }

  private static KeyPair rsa() {
    return pair("RSA", 2048);
  }

  private static KeyPair pair(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
