package dstack.kms.attest.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.issuer.IssuerRefusal;
import dstack.kms.attest.x509.PathRefusal;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.core.cbor.CborWriter;
import dstack.kms.core.crypto.EcdsaSignature384;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents up to AWS's root, and up to a root of our own that can lie in every field. */
final class DocumentVerifierTest {
  private static final Bytes USER_DATA = Bytes.fromHex("cd".repeat(64));
  private static final String CHAIN = "Certificate chain verification failed: ";
  private static final String SIGNATURE = "COSE signature verification failed: ";

  private static VerifiedDocument verify(ForgedChain chain, ForgedDocument document) {
    return Verifiers.server(chain).verify(document.cose(), ModuleKind.ENCLAVE);
  }

  private static RefusalException refusal(ForgedChain chain, ForgedDocument document) {
    return Refusals.of(() -> verify(chain, document));
  }

  /** What becomes of a chain after a change that is signed properly. */
  private static RefusalException refusal(java.util.function.Consumer<ForgedChain> change) {
    ForgedChain chain = new ForgedChain();
    change.accept(chain);
    return refusal(chain, ForgedDocument.ofEnclave(chain, USER_DATA));
  }

  private static RefusalException refusal(BiConsumer<ForgedChain, ForgedDocument> change) {
    ForgedChain chain = new ForgedChain();
    ForgedDocument document = ForgedDocument.ofEnclave(chain, USER_DATA);
    change.accept(chain, document);
    return refusal(chain, document);
  }

  @Test
  void verifiesTheRealDocumentsAtTheirTimes() {
    assertReal(NitroVectors.prodCose(), NitroVectors.PROD_MADE);
    assertReal(NitroVectors.debug2022(), NitroVectors.DEBUG_2022_MADE);
    assertReal(NitroVectors.valid2023(), NitroVectors.VALID_2023_MADE);
  }

  private static void assertReal(Bytes cose, Instant made) {
    VerifiedDocument verified = Verifiers.archive(made).verify(cose, ModuleKind.ENCLAVE);

    assertThat(verified.moduleId()).startsWith("i-").contains("-enc");
    assertThat(verified.digest()).isEqualTo(Digests.sha256(CoseSign1.parse(cose).payload()));
    assertThat(verified.unchecked())
        .hasSize(2)
        .allMatch(text -> text.contains(".aws.nitro-enclaves"));
  }

  @ParameterizedTest
  @ValueSource(longs = {3_600_000, 0, -300_000})
  void takesTheRealDocumentAtTheLimitsOfItsAge(long later) {
    Instant now = NitroVectors.VALID_2023_MADE.plusMillis(later);

    assertThat(Verifiers.archive(now).verify(NitroVectors.valid2023(), ModuleKind.ENCLAVE))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "3600001, nitro-document-stale",
    "3601000, nitro-document-stale",
    "-300001, nitro-document-in-future",
    "-301000, nitro-document-in-future"
  })
  void refusesTheRealDocumentBeyondThem(long later, String code) {
    DocumentVerifier verifier = Verifiers.archive(NitroVectors.VALID_2023_MADE.plusMillis(later));

    assertThat(
            Refusals.of(() -> verifier.verify(NitroVectors.valid2023(), ModuleKind.ENCLAVE))
                .code()
                .code())
        .isEqualTo(code);
  }

  @Test
  void t22_aServerRefusesARealDocumentWithoutRevocationLists() {
    DocumentVerifier server =
        new DocumentVerifier(
            NitroTrustAnchor.aws(),
            new ListsByAddress(Map.of()),
            dstack.kms.attest.issuer.RevocationRule.REQUIRED,
            Verifiers.SIGNATURES,
            java.time.InstantSource.fixed(NitroVectors.PROD_MADE));

    assertThat(Refusals.of(() -> server.verify(NitroVectors.prodCose(), ModuleKind.ENCLAVE)))
        .hasMessage(CHAIN + "UnknownRevocationStatus");
  }

  @Test
  void verifiesAChainOfAwsShapeWithItsLists() {
    ForgedChain chain = new ForgedChain();
    ListsByAddress lists = new ListsByAddress(chain.lists());
    ForgedDocument document = ForgedDocument.ofEnclave(chain, USER_DATA);

    VerifiedDocument verified =
        Verifiers.server(chain, lists).verify(document.cose(), ModuleKind.ENCLAVE);

    assertThat(verified.unchecked()).isEmpty();
    assertThat(verified.userData()).contains(USER_DATA);
    assertThat(lists.asked)
        .containsExactlyInAnyOrder(ForgedChain.REGIONAL_LIST, ForgedChain.ZONAL_LIST);
  }

  @Test
  void takesTag18AndAnUnprotectedHeader() {
    ForgedChain chain = new ForgedChain();
    ForgedDocument document = ForgedDocument.ofEnclave(chain, USER_DATA);
    document.unprotected = new CborMap(Map.of(new CborValue.Int(4), new CborValue.Int(1)));
    Bytes tagged = Bytes.concat(Bytes.fromHex("d2"), document.cose());

    assertThat(Verifiers.server(chain).verify(tagged, ModuleKind.ENCLAVE)).isNotNull();
  }

  @Test
  void takesTheCertificatesBelowTheRootInAnyOrder() {
    ForgedChain chain = new ForgedChain();
    ForgedDocument document = ForgedDocument.ofEnclave(chain, USER_DATA);
    List<Bytes> bundle = chain.cabundle();
    document.field("cabundle", bundle(bundle.get(0), bundle.get(3), bundle.get(1), bundle.get(2)));

    assertThat(verify(chain, document)).isNotNull();
  }

  private static CborValue bundle(Bytes... certificates) {
    return new CborValue.Array(
        java.util.Arrays.stream(certificates).<CborValue>map(CborValue.Raw::new).toList());
  }

  @Test
  void refusesAnotherRootInTheBundle() {
    ForgedCertificate impostor = new ForgedChain().root;
    impostor.key = "impostor";
    impostor.signedWith = "impostor";

    RefusalException other =
        refusal(
            (chain, document) -> {
              List<Bytes> real = chain.cabundle();
              document.field(
                  "cabundle", bundle(impostor.der(), real.get(1), real.get(2), real.get(3)));
            });
    RefusalException none =
        refusal(
            (chain, document) -> {
              List<Bytes> real = chain.cabundle();
              document.field("cabundle", bundle(real.get(1), real.get(2), real.get(3)));
            });

    assertThat(other).hasMessage(CHAIN + "cabundle does not begin with the pinned root");
    assertThat(none).hasMessage(CHAIN + "cabundle does not begin with the pinned root");
  }

  @Test
  void refusesDocumentsUnderAnotherRoot() {
    ForgedChain chain = new ForgedChain();
    Bytes forged = ForgedDocument.ofEnclave(chain, USER_DATA).cose();
    DocumentVerifier aws =
        Verifiers.server(NitroTrustAnchor.aws(), new ListsByAddress(chain.lists()));
    DocumentVerifier own =
        new DocumentVerifier(
            chain.anchor(),
            new ListsByAddress(chain.lists()),
            dstack.kms.attest.issuer.RevocationRule.REPORTED,
            Verifiers.SIGNATURES,
            java.time.InstantSource.fixed(NitroVectors.PROD_MADE));

    assertThat(Refusals.of(() -> aws.verify(forged, ModuleKind.ENCLAVE)).code())
        .isEqualTo(NitroRefusal.ROOT);
    assertThat(Refusals.of(() -> own.verify(NitroVectors.prodCose(), ModuleKind.ENCLAVE)).code())
        .isEqualTo(NitroRefusal.ROOT);
  }

  @Test
  void refusesAChainThatOnlyClaimsTheRoot() {
    RefusalException forged =
        refusal(
            (chain, document) -> {
              List<Bytes> real = chain.cabundle();
              chain.regional.signedWith = "impostor";
              document.field(
                  "cabundle", bundle(real.get(0), chain.regional.der(), real.get(2), real.get(3)));
            });
    RefusalException gap =
        refusal(
            (chain, document) -> {
              List<Bytes> real = chain.cabundle();
              document.field("cabundle", bundle(real.get(0), real.get(1), real.get(3)));
            });

    assertThat(forged).hasMessage(CHAIN + "InvalidSignatureForPublicKey");
    assertThat(gap).hasMessage(CHAIN + "UnknownIssuer");
  }

  @Test
  void t22_refusesEachExpiredCertificate() {
    Instant before = ForgedChain.NOW.minusSeconds(1);
    for (RefusalException refusal :
        List.of(
            refusal(chain -> chain.leaf.to = before),
            refusal(chain -> chain.instance.to = before),
            refusal(chain -> chain.zonal.to = before),
            refusal(chain -> chain.regional.to = before))) {
      assertThat(refusal).hasMessage(CHAIN + "CertExpired");
    }
    assertThat(refusal(chain -> chain.leaf.from = ForgedChain.NOW.plusSeconds(1)))
        .hasMessage(CHAIN + "CertNotValidYet");
    assertThat(refusal(chain -> chain.zonal.from = ForgedChain.NOW.plusSeconds(1)))
        .hasMessage(CHAIN + "CertNotValidYet");
  }

  @Test
  void takesALeafInItsLastSecond() {
    ForgedChain chain = new ForgedChain();
    chain.leaf.to = ForgedChain.NOW;
    assertThat(verify(chain, ForgedDocument.ofEnclave(chain, USER_DATA))).isNotNull();
  }

  @Test
  void t22_refusesARevokedRegionOrZone() {
    assertThat(refusal(chain -> chain.revokedByRegional.add(chain.zonal.serial)))
        .hasMessage(CHAIN + "CertRevoked");
    assertThat(refusal(chain -> chain.revokedByRoot.add(chain.regional.serial)))
        .hasMessage(CHAIN + "CertRevoked");
    assertThat(refusal(chain -> chain.revokedByRoot.add(chain.regional.serial)).code())
        .isEqualTo(PathRefusal.REVOKED);
  }

  @Test
  void t22_refusesListsThatAreExpiredOrSignedByOthers() {
    assertThat(refusal(chain -> chain.listsUntil = ForgedChain.NOW).code())
        .isEqualTo(PathRefusal.REVOCATION_LIST_NOT_IN_FORCE);
    assertThat(refusal(chain -> chain.regionalListSigner = "impostor").code())
        .isEqualTo(PathRefusal.REVOCATION_LIST_SIGNATURE);
  }

  @Test
  void t22_refusesWhereAListIsMissingOrNobodyAnswers() {
    ForgedChain chain = new ForgedChain();
    Bytes document = ForgedDocument.ofEnclave(chain, USER_DATA).cose();
    for (String kept : List.of(ForgedChain.REGIONAL_LIST, ForgedChain.ZONAL_LIST)) {
      ListsByAddress one = new ListsByAddress(Map.of(kept, chain.lists().get(kept)));
      assertThat(
              Refusals.of(() -> Verifiers.server(chain, one).verify(document, ModuleKind.ENCLAVE))
                  .code())
          .isEqualTo(PathRefusal.REVOCATION_UNKNOWN);
    }
    ListsByAddress down = new ListsByAddress(chain.lists());
    down.down = true;
    RefusalException unavailable =
        Refusals.of(() -> Verifiers.server(chain, down).verify(document, ModuleKind.ENCLAVE));
    assertThat(unavailable.code()).isEqualTo(IssuerRefusal.UNAVAILABLE);
    assertThat(unavailable.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
  }

  @Test
  void t22_refusesAListOfTheOtherIssuer() {
    ForgedChain chain = new ForgedChain();
    Map<String, Bytes> swapped =
        Map.of(
            ForgedChain.REGIONAL_LIST, chain.lists().get(ForgedChain.ZONAL_LIST),
            ForgedChain.ZONAL_LIST, chain.lists().get(ForgedChain.REGIONAL_LIST));
    Bytes document = ForgedDocument.ofEnclave(chain, USER_DATA).cose();

    assertThat(
            Refusals.of(
                    () ->
                        Verifiers.server(chain, new ListsByAddress(swapped))
                            .verify(document, ModuleKind.ENCLAVE))
                .code())
        .isEqualTo(PathRefusal.REVOCATION_UNKNOWN);
  }

  @Test
  void asksForNoListBeforeTheDocumentIsSigned() {
    ForgedChain chain = new ForgedChain();
    ListsByAddress lists = new ListsByAddress(chain.lists());
    ForgedDocument document = ForgedDocument.ofEnclave(chain, USER_DATA);
    document.signature = Optional.of(Bytes.fromHex("11".repeat(96)));

    RefusalException refusal =
        Refusals.of(
            () -> Verifiers.server(chain, lists).verify(document.cose(), ModuleKind.ENCLAVE));

    assertThat(refusal).hasMessage(SIGNATURE + "ECDSA signature verification failed");
    assertThat(lists.asked).isEmpty();
  }

  @Test
  void refusesAnAuthorityAsSigner() {
    assertThat(refusal(chain -> chain.leaf.authority = true))
        .hasMessage(CHAIN + "CaUsedAsEndEntity");
    assertThat(
            refusal(
                (chain, document) -> {
                  document.field("certificate", new CborValue.Raw(chain.instance.der()));
                  document.signer = ForgedChain.INSTANCE;
                }))
        .hasMessage(CHAIN + "CaUsedAsEndEntity");
  }

  @Test
  void refusesTooLongPathsAndOthersAsAuthorities() {
    assertThat(refusal(chain -> chain.zonal.pathLength = 0))
        .hasMessage(CHAIN + "PathLenConstraintViolated");
    assertThat(refusal(chain -> chain.regional.pathLength = 1))
        .hasMessage(CHAIN + "PathLenConstraintViolated");
    assertThat(refusal(chain -> chain.instance.authority = false))
        .hasMessage(CHAIN + "EndEntityUsedAsCa");
    assertThat(refusal(chain -> chain.instance.usage = KeyUsage.digitalSignature))
        .hasMessage(CHAIN + "IssuerNotCertSigner");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        KeyUsage.nonRepudiation,
        KeyUsage.keyCertSign,
        KeyUsage.digitalSignature | KeyUsage.keyCertSign,
        KeyUsage.digitalSignature | KeyUsage.cRLSign
      })
  void refusesASignerForOtherThanSignatures(int usage) {
    assertThat(refusal(chain -> chain.leaf.usage = usage))
        .hasMessage(CHAIN + "LeafNotForSignatures");
  }

  @Test
  void asksForClientAuthenticationOnlyWherePurposesAreStated() {
    ForgedChain chain = new ForgedChain();
    chain.leaf.purpose = Optional.of(KeyPurposeId.id_kp_clientAuth);
    chain.zonal.purpose = Optional.of(KeyPurposeId.id_kp_clientAuth);

    assertThat(verify(chain, ForgedDocument.ofEnclave(chain, USER_DATA))).isNotNull();
    assertThat(refusal(c -> c.leaf.purpose = Optional.of(KeyPurposeId.id_kp_serverAuth)))
        .hasMessage(CHAIN + "RequiredEkuNotFound");
    assertThat(refusal(c -> c.zonal.purpose = Optional.of(KeyPurposeId.id_kp_serverAuth)))
        .hasMessage(CHAIN + "RequiredEkuNotFound");
    assertThat(refusal(c -> c.leaf.purpose = Optional.of(KeyPurposeId.anyExtendedKeyUsage)))
        .hasMessage(CHAIN + "RequiredEkuNotFound");
  }

  @Test
  void refusesUnknownCriticalExtensions() {
    assertThat(refusal(c -> c.leaf.criticalExtension = Optional.of("1.2.3.4")).code())
        .isEqualTo(PathRefusal.UNSUPPORTED);
    assertThat(refusal(c -> c.zonal.criticalExtension = Optional.of("1.2.3.4")).code())
        .isEqualTo(PathRefusal.UNSUPPORTED);
  }

  @Test
  void refusesCertificatesWithAnotherDigestOrCurve() {
    assertThat(refusal(c -> c.leaf.algorithm = "SHA256WITHECDSA").code())
        .isEqualTo(PathRefusal.UNSUPPORTED);
    assertThat(refusal(c -> c.zonal.algorithm = "SHA512WITHECDSA").code())
        .isEqualTo(PathRefusal.UNSUPPORTED);
    assertThat(refusal(c -> c.leaf.key = "leaf on P-256"))
        .hasMessage(SIGNATURE + "the signer's key is no P-384 key");
  }

  @Test
  void refusesACertificateThatIsNone() {
    assertThat(
            refusal((c, d) -> d.field("certificate", new CborValue.Raw(Bytes.zeros(600)))).text())
        .startsWith(CHAIN);
    assertThat(
            refusal(
                    (c, d) ->
                        d.field("cabundle", bundle(c.root.der(), Bytes.utf8("no certificate"))))
                .text())
        .startsWith(CHAIN);
  }

  @Test
  void refusesSignaturesOfOtherLengths() {
    for (int length : new int[] {0, 1, 64, 95, 97, 104, 192}) {
      assertThat(refusal((c, d) -> d.signature = Optional.of(Bytes.zeros(length))))
          .hasMessage(SIGNATURE + "Invalid P-384 signature length: " + length + " (expected 96)");
    }
    assertThat(
            refusal(
                    (c, d) ->
                        d.signature = Optional.of(new EcdsaSignature384(d.signature()).toDer()))
                .text())
        .startsWith(SIGNATURE + "Invalid P-384 signature length: ");
  }

  @Test
  void refusesSignaturesThatDoNotHold() {
    String failed = SIGNATURE + "ECDSA signature verification failed";

    assertThat(refusal((c, d) -> d.signature = Optional.of(Bytes.zeros(96)))).hasMessage(failed);
    assertThat(refusal((c, d) -> d.signer = "another key")).hasMessage(failed);
    assertThat(
            refusal(
                (c, d) -> {
                  Bytes rs = d.signature();
                  d.signature = Optional.of(Bytes.concat(rs.slice(48, 96), rs.slice(0, 48)));
                }))
        .hasMessage(failed);
    assertThat(
            refusal(
                (c, d) -> {
                  Bytes signature = d.signature();
                  d.field("nonce", new CborValue.Raw(Bytes.zeros(1)));
                  d.signature = Optional.of(signature);
                }))
        .hasMessage(failed);
  }

  @Test
  void refusesAnotherHeaderThanTheSignedOne() {
    assertThat(
            refusal(
                (c, d) -> {
                  d.signature = Optional.of(d.signature());
                  d.protectedHeader = Bytes.fromHex("a20138220281" + "01");
                }))
        .hasMessage(SIGNATURE + "ECDSA signature verification failed");
    assertThat(refusal((c, d) -> d.protectedHeader = Bytes.fromHex("a10126")))
        .hasMessage("Unsupported COSE algorithm: -7. Expected -35 (ES384)");
    assertThat(refusal((c, d) -> d.protectedHeader = Bytes.fromHex("a20138220281182a")).text())
        .startsWith("Unsupported COSE critical headers: ");
  }

  @Test
  void refusesAPayloadSignedUnderAnotherStructure() {
    ForgedChain chain = new ForgedChain();
    ForgedDocument document = ForgedDocument.ofEnclave(chain, USER_DATA);
    Bytes overPayloadOnly = P384Keys.sign(ForgedChain.LEAF, document.payload());
    document.signature = Optional.of(overPayloadOnly);
    assertThat(refusal(chain, document).code()).isEqualTo(NitroRefusal.SIGNATURE);

    Bytes withAad =
        CborWriter.write(
            new CborValue.Array(
                List.of(
                    new CborValue.Text("Signature1"),
                    new CborValue.Raw(document.protectedHeader),
                    new CborValue.Raw(Bytes.zeros(1)),
                    new CborValue.Raw(document.payload()))));
    document.signature = Optional.of(P384Keys.sign(ForgedChain.LEAF, withAad));
    assertThat(refusal(chain, document).code()).isEqualTo(NitroRefusal.SIGNATURE);
  }

  @Test
  void refusesStaleDocumentsOfAGoodChain() {
    Duration old = Duration.ofHours(1).plusMillis(1);
    assertThat(refusal((c, d) -> d.made(ForgedChain.NOW.minus(old))).code())
        .isEqualTo(NitroRefusal.STALE);
    assertThat(refusal((c, d) -> d.made(ForgedChain.NOW.plusSeconds(301))).code())
        .isEqualTo(NitroRefusal.FUTURE);
  }

  @Test
  void neitherKindOfModulePassesForTheOther() {
    ForgedChain chain = new ForgedChain();
    DocumentVerifier verifier = Verifiers.server(chain);
    Bytes enclave = ForgedDocument.ofEnclave(chain, USER_DATA).cose();
    Bytes tpm = ForgedDocument.ofTpm(chain, USER_DATA).cose();
    ForgedDocument renamed = ForgedDocument.ofTpm(chain, USER_DATA);
    renamed.registersKey = "pcrs";

    assertThat(verifier.verify(tpm, ModuleKind.NITRO_TPM)).isNotNull();
    assertThat(verifier.verify(renamed.cose(), ModuleKind.NITRO_TPM)).isNotNull();
    assertThat(Refusals.of(() -> verifier.verify(enclave, ModuleKind.NITRO_TPM)))
        .hasMessage("the document is of another kind of Nitro module");
    assertThat(Refusals.of(() -> verifier.verify(renamed.cose(), ModuleKind.ENCLAVE)))
        .hasMessage("the document is of another kind of Nitro module");
    assertThat(Refusals.of(() -> verifier.verify(tpm, ModuleKind.ENCLAVE)).code().code())
        .isEqualTo("nitro-document-malformed");
  }

  @Test
  void theEmbeddedRootIsAws() {
    assertThat(Digests.sha256(NitroTrustAnchor.aws().der()).hex())
        .isEqualTo("641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b");
  }

  @Test
  void refusesAnchorsThatAreNone() {
    ForgedChain chain = new ForgedChain();
    for (Bytes bad :
        List.of(
            Bytes.EMPTY,
            Bytes.utf8("no certificate"),
            chain.leaf.der(),
            Bytes.concat(chain.root.der(), Bytes.zeros(1)))) {
      assertThat(Refusals.of(() -> NitroTrustAnchor.external(bad)).text())
          .startsWith("Failed to load root ca: ");
    }
  }
}
