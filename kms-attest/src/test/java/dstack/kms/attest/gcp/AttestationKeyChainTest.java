package dstack.kms.attest.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.Crls;
import dstack.kms.attest.issuer.IssuerDocuments;
import dstack.kms.attest.issuer.IssuerRefusal;
import dstack.kms.attest.issuer.NoIssuerDocuments;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.issuer.VerifiedChain;
import dstack.kms.attest.x509.PathRefusal;
import dstack.kms.attest.x509.PemChain;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalCode;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.testkit.Vectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way from an attestation key to the root: forged chains, and Google's real ones. */
class AttestationKeyChainTest {
  private static final String CHAIN =
      "failed to verify TPM quote: verification failed: AK certificate chain verification error:"
          + " certificate chain verification failed: ";
  private static final Instant IN_2026 = Instant.parse("2026-02-01T00:00:00Z");
  private static final KeyPurposeId AK_PURPOSE =
      KeyPurposeId.getInstance(new ASN1ObjectIdentifier("2.23.133.8.1"));

  @Test
  void asksOnlyAfterEverythingElseHeldAndKeepsWhatProvedAuthentic() {
    GcpWorld world = new GcpWorld();
    world.verify();
    assertThat(world.documents.asked)
        .containsExactly(
            GcpWorld.ISSUER,
            "authentic " + GcpWorld.ISSUER,
            GcpWorld.LIST,
            "authentic " + GcpWorld.LIST);
  }

  @Test
  void asksNobodyForEvidenceThatIsBadAnyway() {
    GcpWorld nonce = new GcpWorld();
    nonce.nonce = Optional.of(Bytes.zeros(32));
    assertRefusedUnasked(nonce, GcpRefusal.QUALIFYING_DATA, "tpm qualified_data mismatch");
    GcpWorld empty = new GcpWorld();
    empty.nonce = Optional.of(Bytes.EMPTY);
    assertRefusedUnasked(empty, GcpRefusal.QUALIFYING_DATA, "tpm qualified_data mismatch");
    GcpWorld signer = new GcpWorld();
    signer.signer = "somebody else";
    assertRefusedUnasked(
        signer,
        GcpRefusal.SIGNATURE,
        "failed to verify TPM quote: verification failed: signature verification failed");
    GcpWorld register = new GcpWorld();
    register.pcr14 = Optional.of(Bytes.fromHex("11".repeat(32)));
    assertRefusedUnasked(
        register,
        GcpRefusal.RUNTIME_PCR,
        "PCR14 mismatch, quoted: " + "11".repeat(32) + ", replayed: " + GcpData.expected("pcr14"));
    GcpWorld log = new GcpWorld();
    log.pcr2 = Bytes.fromHex("22".repeat(32));
    assertRefusedUnasked(
        log,
        GcpRefusal.PCR_REPLAY,
        "failed to verify TPM quote: verification failed: event log verification failed: PCR 2"
            + " replay mismatch: expected "
            + "22".repeat(32));
  }

  @Test
  void t22_refusesAnExpiredAttestationKey() {
    GcpWorld world = new GcpWorld();
    world.ak.notAfter = GcpWorld.NOW.minusSeconds(1);
    assertRefused(world, PathRefusal.NOT_IN_FORCE, CHAIN + "CertExpired");
    assertThat(world.documents.asked).isEmpty();
  }

  @Test
  void t22_refusesAnAttestationKeyThatIsNotInForceYet() {
    GcpWorld world = new GcpWorld();
    world.ak.notBefore = GcpWorld.NOW.plusSeconds(1);
    assertRefused(world, PathRefusal.NOT_IN_FORCE, CHAIN + "CertNotValidYet");
  }

  @Test
  void t22_refusesAnExpiredIntermediate() {
    GcpWorld world = new GcpWorld();
    world.intermediate.notAfter = GcpWorld.NOW.minusSeconds(1);
    assertRefused(world, PathRefusal.NOT_IN_FORCE, CHAIN + "CertExpired");
  }

  @Test
  void t05_refusesARevokedIntermediate() {
    GcpWorld world = new GcpWorld();
    world.list.revoking(world.intermediate.serial);
    assertRefused(world, PathRefusal.REVOKED, CHAIN + "CertRevoked");
    world.revocation = RevocationRule.REPORTED;
    assertRefused(world, PathRefusal.REVOKED, CHAIN + "CertRevoked");
  }

  @Test
  void t05_refusesARevokedAttestationKeyWhoseCertificateNamesAList() {
    GcpWorld world = new GcpWorld();
    String uri = "http://lists.example/intermediate.crl";
    world.ak.with(Extension.cRLDistributionPoints, false, GcpWorld.distributionPoint(uri));
    world.documents.lists.put(uri, Crls.of(GcpWorld.INTERMEDIATE).revoking(world.ak.serial).der());
    assertRefused(world, PathRefusal.REVOKED, CHAIN + "CertRevoked");
    world.documents.lists.put(uri, Crls.of(GcpWorld.INTERMEDIATE).revoking(1).der());
    assertThat(world.verify().unchecked()).isEmpty();
  }

  @Test
  void t05_refusesAListThatIsExpiredEarlyForgedOrOfSomebodyElse() {
    GcpWorld expired = new GcpWorld();
    expired.list.nextUpdate = GcpWorld.NOW;
    assertRefused(expired, PathRefusal.REVOCATION_LIST_NOT_IN_FORCE, CHAIN + "CrlExpired");
    GcpWorld early = new GcpWorld();
    early.list.thisUpdate = GcpWorld.NOW.plusSeconds(1);
    assertRefused(early, PathRefusal.REVOCATION_LIST_NOT_IN_FORCE, CHAIN + "CrlNotValidYet");
    GcpWorld forged = new GcpWorld();
    forged.list.badSignature = true;
    assertRefused(
        forged, PathRefusal.REVOCATION_LIST_SIGNATURE, CHAIN + "InvalidCrlSignatureForPublicKey");
    GcpWorld other = new GcpWorld();
    other.documents.lists.put(GcpWorld.LIST, Crls.of(GcpWorld.INTERMEDIATE).der());
    assertRefused(other, PathRefusal.REVOCATION_UNKNOWN, CHAIN + "UnknownRevocationStatus");
  }

  @Test
  void t05_anEmptySourceOfListsIsARefusalUnlessReportingWasAskedFor() {
    GcpWorld world = new GcpWorld();
    world.intermediate.replacing(
        Extension.cRLDistributionPoints,
        false,
        GcpWorld.distributionPoint("http://lists.example/elsewhere.crl"));
    assertRefused(world, PathRefusal.REVOCATION_UNKNOWN, CHAIN + "UnknownRevocationStatus");
    world.revocation = RevocationRule.REPORTED;
    assertThat(world.verify().unchecked())
        .singleElement()
        .asString()
        .contains(GcpWorld.INTERMEDIATE);
  }

  @Test
  void t24_tellsASilentSourceFromBadEvidence() {
    GcpWorld world = new GcpWorld();
    world.documents.unreachable = true;
    assertThatThrownBy(world::verify)
        .isInstanceOfSatisfying(
            RefusalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(IssuerRefusal.UNAVAILABLE);
              assertThat(e.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
            })
        .hasMessage("failed to verify TPM quote: no answer");
  }

  @Test
  void t24_tellsASourceThatServesGarbageFromBadEvidence() {
    Bytes whole = new GcpWorld().intermediate.der();
    for (Bytes garbage :
        List.of(
            Bytes.EMPTY,
            Bytes.utf8("<html>sign in first</html>"),
            whole.slice(0, whole.length() - 1),
            Bytes.concat(whole, Bytes.zeros(1)))) {
      GcpWorld world = new GcpWorld();
      world.documents.served = Optional.of(garbage);
      assertRefused(
          world,
          IssuerRefusal.UNAVAILABLE,
          "failed to verify TPM quote: what an issuer serves is no certificate");
    }
  }

  @Test
  void refusesAKeyThatMaySignMoreOrOtherThanData() {
    for (int usage :
        new int[] {
          KeyUsage.keyEncipherment,
          KeyUsage.keyCertSign,
          KeyUsage.digitalSignature | KeyUsage.keyCertSign,
          KeyUsage.digitalSignature | KeyUsage.cRLSign
        }) {
      GcpWorld world = new GcpWorld();
      world.ak.replacing(Extension.keyUsage, true, Certs.der(new KeyUsage(usage)));
      assertRefused(world, PathRefusal.USAGE, CHAIN + "LeafNotForSignatures");
    }
    GcpWorld without = new GcpWorld();
    without.ak.without(Extension.keyUsage);
    assertRefused(without, PathRefusal.USAGE, CHAIN + "LeafNotForSignatures");
  }

  @Test
  void refusesAnAuthorityAsAttestationKeyAndAnEndEntityAsAuthority() {
    GcpWorld authority = new GcpWorld();
    authority.ak.replacing(Extension.basicConstraints, true, Certs.der(new BasicConstraints(true)));
    assertRefused(authority, PathRefusal.USAGE, CHAIN + "CaUsedAsEndEntity");
    GcpWorld entity = new GcpWorld();
    entity.intermediate.replacing(
        Extension.basicConstraints, true, Certs.der(new BasicConstraints(false)));
    assertRefused(entity, PathRefusal.USAGE, CHAIN + "EndEntityUsedAsCa");
  }

  @Test
  void anExtendedPurposeHasToBeThatOfAttestationKeys() {
    GcpWorld right = new GcpWorld();
    right.ak.with(Extension.extendedKeyUsage, false, Certs.der(new ExtendedKeyUsage(AK_PURPOSE)));
    right.intermediate.with(
        Extension.extendedKeyUsage, false, Certs.der(new ExtendedKeyUsage(AK_PURPOSE)));
    assertThat(right.verify().unchecked()).isEmpty();
    for (KeyPurposeId purpose :
        List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.anyExtendedKeyUsage)) {
      Bytes usage = Certs.der(new ExtendedKeyUsage(purpose));
      GcpWorld leaf = new GcpWorld();
      leaf.ak.with(Extension.extendedKeyUsage, false, usage);
      assertRefused(leaf, PathRefusal.USAGE, CHAIN + "RequiredEkuNotFound");
      GcpWorld authority = new GcpWorld();
      authority.intermediate.with(Extension.extendedKeyUsage, false, usage);
      assertRefused(authority, PathRefusal.USAGE, CHAIN + "RequiredEkuNotFound");
    }
  }

  @Test
  void refusesAChainThatEndsUnderAnotherRoot() {
    GcpWorld world = new GcpWorld();
    world.intermediate.issuerKey = "impostor";
    assertRefused(world, PathRefusal.SIGNATURE, CHAIN + "InvalidSignatureForPublicKey");
    GcpWorld leaf = new GcpWorld();
    leaf.ak.issuerKey = "impostor";
    assertRefused(leaf, PathRefusal.SIGNATURE, CHAIN + "InvalidSignatureForPublicKey");
    GcpWorld alone = new GcpWorld();
    alone.ak.without(Extension.authorityInfoAccess);
    assertRefused(alone, PathRefusal.UNKNOWN_ISSUER, CHAIN + "UnknownIssuer");
    assertThat(alone.documents.asked).isEmpty();
  }

  @Test
  void takesAKeyRightUnderTheRoot() {
    GcpWorld world = new GcpWorld();
    world.ak.issuer = GcpWorld.ROOT;
    world.ak.issuerKey = GcpWorld.ROOT;
    assertThat(world.verify().unchecked()).isEmpty();
    assertThat(world.documents.asked).isEmpty();
  }

  @Test
  void followsGooglesRealKeysWithTheKnownIntermediateWithoutAskingForIt() {
    for (Bytes der : List.of(realAk(), GcpData.quote(GcpData.REAL).akCert())) {
      FakeDocuments documents = new FakeDocuments();
      VerifiedChain chain =
          google(documents, RevocationRule.REPORTED).verify(UnverifiedCertificate.parse(der));
      assertThat(chain.certificates()).hasSize(2);
      assertThat(chain.unchecked()).hasSize(1);
      assertThat(documents.asked)
          .singleElement()
          .asString()
          .startsWith("http://privateca-content-62d71773-0000-21da-852e-f4f5e80d7778.")
          .endsWith("/crl.crl");
    }
  }

  @Test
  void refusesTheOldHierarchyUnderTheRootOfToday() {
    AkCertificate old = AkCertificate.parse(GcpData.rsaQuote().akCert());
    assertThatThrownBy(
            () ->
                google(new NoIssuerDocuments(), RevocationRule.REPORTED).verify(old.certificate()))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(IssuerRefusal.UNAVAILABLE));
  }

  @Test
  void followsTheOldHierarchyUnderItsOwnRootByTheAddressInTheCertificate() {
    String address = "https://pki.goog/cloud_integrity/tpm_ek_intermediate_2.crt";
    FakeDocuments documents = new FakeDocuments();
    documents.certificates.put(address, pem("platforms/tpm/gce_2021_intermediate_2.pem"));
    String root = certificateOf(Vectors.text("platforms/tpm/gce_2021_root_1.pem"));
    AkCertificate old = AkCertificate.parse(GcpData.rsaQuote().akCert());
    VerifiedChain chain =
        new AttestationKeyChain(
                GcpTrustAnchor.external(Bytes.utf8(root)),
                documents,
                RevocationRule.REPORTED,
                GcpWorld.VERIFIER,
                InstantSource.fixed(IN_2026))
            .verify(old.certificate());
    assertThat(chain.certificates()).hasSize(2);
    assertThat(chain.unchecked()).isNotEmpty();
    assertThat(documents.asked)
        .startsWith(address, "authentic " + address)
        .contains("https://pki.goog/cloud_integrity/tpm_ek_intermediate_2.crl");
  }

  @Test
  void theKnownRootAndIntermediateAreGooglesOwn() {
    assertThat(GcpTrustAnchor.google().der()).isEqualTo(pem("platforms/roots/gcp-root-ca.pem"));
    assertThat(GcpTrustAnchor.google().intermediates())
        .containsExactly(pem("platforms/tpm/gcp_ek_ak_ca_intermediate_v3.pem"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no certificate", "-----BEGIN CERTIFICATE-----"})
  void refusesAFileThatIsNoRoot(String text) {
    assertThatThrownBy(() -> GcpTrustAnchor.external(Bytes.utf8(text)))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("Failed to load root ca: ");
  }

  @Test
  void refusesAFileWithTwoRootsOrWithALeaf() {
    GcpWorld world = new GcpWorld();
    String root = Certs.pem(world.root.der());
    assertThat(GcpTrustAnchor.external(Bytes.utf8(root)).der()).isEqualTo(world.root.der());
    assertThatThrownBy(() -> GcpTrustAnchor.external(Bytes.utf8(root + root)))
        .hasMessage("Failed to load root ca: expected one certificate, got 2");
    assertThatThrownBy(() -> GcpTrustAnchor.external(Bytes.utf8(Certs.pem(world.ak.der()))))
        .hasMessage("Failed to load root ca: EndEntityUsedAsCa");
  }

  private static AttestationKeyChain google(IssuerDocuments documents, RevocationRule rule) {
    return new AttestationKeyChain(
        GcpTrustAnchor.google(), documents, rule, GcpWorld.VERIFIER, InstantSource.fixed(IN_2026));
  }

  static Bytes realAk() {
    return pem("platforms/tpm/gcp_ak_ecc_2022.pem");
  }

  private static Bytes pem(String name) {
    return PemChain.split(certificateOf(Vectors.text(name))).getFirst();
  }

  /** The block itself: some files begin with words. */
  private static String certificateOf(String text) {
    return text.substring(text.indexOf("-----BEGIN"), text.lastIndexOf("-----") + 5);
  }

  private static void assertRefusedUnasked(GcpWorld world, RefusalCode code, String text) {
    assertRefused(world, code, text);
    assertThat(world.documents.asked).isEmpty();
  }

  private static void assertRefused(GcpWorld world, RefusalCode code, String text) {
    assertThatThrownBy(world::verify)
        .isInstanceOfSatisfying(RefusalException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageStartingWith(text);
  }
}
