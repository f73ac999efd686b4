package dstack.kms.attest.gcp;

import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.eventlog.RuntimeEvents;
import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.TpmPlatform;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.evidence.TpmQuote.PcrValue;
import dstack.kms.attest.evidence.TpmQuote.TpmEvent;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.Crls;
import dstack.kms.attest.forged.Keys;
import dstack.kms.attest.forged.World;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.platform.Claims;
import dstack.kms.attest.tdx.TdxVerifier;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.config.GcpEvidenceConfig;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.reportdata.ReportData;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * One consistent machine on Google Cloud under roots of its own: a forged TDX quote with the
 * runtime events of the vectors, and a forged TPM quote over it. Change it, then build.
 */
final class GcpWorld {
  static final SignatureVerifier VERIFIER = SignatureVerifiers.named("BC");
  static final String ROOT = "Forged EK/AK Root";
  static final String INTERMEDIATE = "Forged EK/AK Intermediate";
  static final String AK = "Forged AK";
  static final String LIST = "http://lists.example/root.crl";
  static final String ISSUER = "http://issuers.example/intermediate.crt";
  static final Instant NOW = World.NOW;
  static final KeyPair RSA = rsaPair();

  private static final int RTMR3 = 472;
  private static final int REPORT_DATA = 520;

  final World tdx = new World();
  final Certs root = Certs.authority(ROOT, ROOT);
  final Certs intermediate =
      Certs.authority(INTERMEDIATE, ROOT)
          .with(Extension.cRLDistributionPoints, false, distributionPoint(LIST));
  final Certs ak =
      Certs.leaf(AK, INTERMEDIATE).with(Extension.authorityInfoAccess, false, issuerAt(ISSUER));
  final Crls list = Crls.of(ROOT);
  final FakeDocuments documents = new FakeDocuments();
  RuntimeEvents events = GcpData.COMPOSED.runtimeEvents();
  List<TpmEvent> eventLog = GcpData.quote(GcpData.COMPOSED).eventLog();
  Bytes pcr0 = Bytes.fromHex(GcpData.expected("pcr0"));
  Bytes pcr2 = Bytes.fromHex(GcpData.expected("pcr2"));
  Optional<Bytes> pcr14 = Optional.empty();
  Optional<Bytes> nonce = Optional.empty();
  String signer = AK;
  GcpEvidenceConfig config = GcpEvidenceConfig.defaults();
  RevocationRule revocation = RevocationRule.REQUIRED;
  Instant tdxNow = NOW;
  Instant tpmNow = NOW;
  boolean rsa;

  GcpWorld() {
    tdx.quote(
        quote -> {
          copy(events.replaySha384(), quote.body, RTMR3);
          copy(reportData().value(), quote.body, REPORT_DATA);
        });
  }

  /** The same machine, whose attestation key is an RSA key. */
  GcpWorld rsa() {
    rsa = true;
    ak.spki = Bytes.of(RSA.getPublic().getEncoded());
    return this;
  }

  ReportData reportData() {
    return new ReportData(Bytes.concat(Bytes.utf8("bound"), Bytes.zeros(59)));
  }

  Claims claims() {
    return new Claims(reportData(), events, GcpData.COMPOSED.config());
  }

  GcpTdxEvidence evidence() {
    Bytes quote = tdx.quoteBytes();
    return new GcpTdxEvidence(quote, List.of(), tpmQuote(quote));
  }

  TpmQuote tpmQuote(Bytes tdxQuote) {
    Bytes runtime = pcr14.orElseGet(events::replaySha256);
    Bytes message =
        message(
            nonce.orElseGet(() -> Digests.sha256(tdxQuote)), Digests.sha256(pcr0, pcr2, runtime));
    return new TpmQuote(
        message,
        signature(message),
        List.of(
            new PcrValue(0, "sha256", pcr0),
            new PcrValue(2, "sha256", pcr2),
            new PcrValue(14, "sha256", runtime)),
        ak.der(),
        TpmPlatform.GCP,
        eventLog);
  }

  private static Bytes message(Bytes extraData, Bytes digest) {
    return Bytes.concat(
        Bytes.fromHex("ff54434780180000"),
        sized(extraData),
        Bytes.fromHex(
            "0000000000000001" + "00000001" + "00000000" + "01" + "20160511" + "00162800"),
        Bytes.fromHex("00000001000b03054000"),
        sized(digest));
  }

  private Bytes signature(Bytes message) {
    if (rsa) {
      return Bytes.concat(Bytes.fromHex("0014000b"), sized(rsaSignature(message)));
    }
    Bytes rs = Keys.sign(signer, message).rs();
    return Bytes.concat(Bytes.fromHex("0018000b"), sized(rs.slice(0, 32)), sized(rs.slice(32, 64)));
  }

  private static Bytes sized(Bytes content) {
    return Bytes.concat(
        Bytes.of(new byte[] {(byte) (content.length() >> 8), (byte) content.length()}), content);
  }

  GcpTdxVerifier verifier() {
    QuoteVerifier quotes = new QuoteVerifier(TdxTrustAnchor.external(tdx.rootDer()), VERIFIER);
    TdxVerifier half =
        new TdxVerifier(quotes, quote -> tdx.collateral(), InstantSource.fixed(tdxNow));
    return new GcpTdxVerifier(half, chains(), VERIFIER, config);
  }

  VtpmVerifier vtpm() {
    return new VtpmVerifier(chains(), VERIFIER, config);
  }

  private AttestationKeyChain chains() {
    documents.certificates.putIfAbsent(ISSUER, intermediate.der());
    documents.lists.putIfAbsent(LIST, list.der());
    return new AttestationKeyChain(
        GcpTrustAnchor.external(Bytes.utf8(Certs.pem(root.der()))),
        documents,
        revocation,
        VERIFIER,
        InstantSource.fixed(tpmNow));
  }

  VerifiedGcpTdx verify() {
    return verifier().verify(evidence(), claims());
  }

  static Bytes distributionPoint(String uri) {
    GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    DistributionPoint point =
        new DistributionPoint(new DistributionPointName(new GeneralNames(name)), null, null);
    return Certs.der(new CRLDistPoint(new DistributionPoint[] {point}));
  }

  static Bytes issuerAt(String uri) {
    GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    return Certs.der(new AuthorityInformationAccess(AccessDescription.id_ad_caIssuers, name));
  }

  private static void copy(Bytes from, byte[] to, int at) {
    System.arraycopy(from.toArray(), 0, to, at, from.length());
  }

  private static Bytes rsaSignature(Bytes message) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(RSA.getPrivate());
      signature.update(message.toArray());
      return Bytes.of(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair rsaPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
