package dstack.kms.attest.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.x509.PathRules;
import dstack.kms.attest.x509.TrustAnchor;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.P256PublicKey;
import dstack.kms.core.crypto.P384PublicKey;
import dstack.kms.core.crypto.RsaPublicKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.testkit.Vectors;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Google, Amazon and AMD really issue; the expected values are those of openssl. */
class RealChainsTest {
  private static final SignatureVerifier VERIFIER = SignatureVerifiers.named("auto");

  private static ChainVerifier verifier(TrustAnchor anchor, PathRules rules) {
    return ChainVerifier.of(
        anchor, rules, new NoIssuerDocuments(), RevocationRule.REPORTED, VERIFIER);
  }

  private static ChainVerifier nitro() {
    return verifier(RealChains.anchor("roots/AWS_NitroEnclaves_Root-G1.pem"), PathRules.nitro());
  }

  private static ChainVerifier gcp() {
    return verifier(RealChains.anchor("roots/gcp-root-ca.pem"), PathRules.gcpAttestationKey());
  }

  private static ChainVerifier snp(String product) {
    return verifier(RealChains.anchor("roots/amd-" + product + "-ark.pem"), PathRules.sevSnp());
  }

  private static VerifiedChain verify(ChainVerifier verifier, List<Bytes> chain, Instant now) {
    return verifier.verify(
        UnverifiedCertificate.parse(chain.getFirst()), chain.subList(1, chain.size()), now);
  }

  @ParameterizedTest
  @CsvSource({
    "dstack_v0_prod.bin,1766678659346",
    "cose_debug_2022.bin,1665582606081",
    "cose_valid_b64.bin,1695049410860"
  })
  void acceptsNitroChains(String document, long millis) {
    List<Bytes> chain = RealChains.nitro(document);
    assertThat(chain).hasSize(5);
    VerifiedChain verified = verify(nitro(), chain, Instant.ofEpochMilli(millis));

    assertThat(verified.key()).isInstanceOf(P384PublicKey.class);
    assertThat(verified.certificates()).hasSize(4);
    assertThat(verified.unchecked()).hasSize(2);
    assertThat(verified.unchecked().getFirst()).contains(".us-east-1.aws.nitro-enclaves");
    assertThat(verified.leaf().subject().commonName()).endsWith(".us-east-1.aws");
  }

  @Test
  void readsWhatANitroLeafSays() {
    UnverifiedCertificate leaf =
        UnverifiedCertificate.parse(RealChains.nitro("dstack_v0_prod.bin").getFirst());

    assertThat(leaf.notBefore()).isEqualTo("2025-12-25T16:04:16Z");
    assertThat(leaf.notAfter()).isEqualTo("2025-12-25T19:04:19Z");
    assertThat(leaf.isCa()).isFalse();
    assertThat(leaf.namesRevocationList()).isFalse();
    assertThat(leaf.authorityInfoAccessIssuerUri()).isEmpty();
    assertThat(leaf.issuer().commonName())
        .isEqualTo("i-0827e799ec9232d44.us-east-1.aws.nitro-enclaves");
  }

  @Test
  void nitroCertificatesNameListsAtTwoHosts() {
    List<Bytes> chain = RealChains.nitro("dstack_v0_prod.bin");

    assertThat(UnverifiedCertificate.parse(chain.get(2)).revocationListUri())
        .contains(
            "http://aws-nitro-enclaves-crl.s3.amazonaws.com/crl/ab4960cc-7d63-42bd-9e9f-59338cb67f84.crl");
    assertThat(UnverifiedCertificate.parse(chain.get(3)).revocationListUri())
        .contains(
            "http://crl-us-east-1-aws-nitro-enclaves.s3.us-east-1.amazonaws.com/crl/e7f1198f-2766-4ca0-85e5-7a75f05d9614.crl");
  }

  @Test
  void refusesNitroChainsOutsideTheirTime() {
    List<Bytes> chain = RealChains.nitro("dstack_v0_prod.bin");

    assertThatThrownBy(() -> verify(nitro(), chain, Instant.parse("2025-12-25T19:04:20Z")))
        .hasMessage("CertExpired");
    assertThatThrownBy(() -> verify(nitro(), chain, Instant.parse("2025-12-25T16:04:15Z")))
        .hasMessage("CertNotValidYet");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void refusesNitroChainsWithOneLinkMissing(int missing) {
    List<Bytes> chain = new ArrayList<>(RealChains.nitro("dstack_v0_prod.bin"));
    chain.remove(missing);

    assertThatThrownBy(() -> verify(nitro(), chain, Instant.ofEpochMilli(1766678659346L)))
        .hasMessage("UnknownIssuer");
  }

  @Test
  void nitroChainsDoNotNeedTheRootAmongTheirCertificates() {
    List<Bytes> chain = new ArrayList<>(RealChains.nitro("dstack_v0_prod.bin"));
    chain.remove(1);

    assertThat(verify(nitro(), chain, Instant.ofEpochMilli(1766678659346L)).key()).isNotNull();
  }

  @Test
  void acceptsTheAttestationKeyCertificateOfGoogle() {
    VerifiedChain verified =
        verify(
            gcp(),
            List.of(
                RealChains.pem("tpm/gcp_ak_ecc_2022.pem"),
                RealChains.pem("tpm/gcp_ek_ak_ca_intermediate_v3.pem")),
            Instant.parse("2022-11-24T00:00:00Z"));

    assertThat(verified.key()).isInstanceOf(P256PublicKey.class);
    assertThat(verified.unchecked())
        .containsExactly(
            "Whether the certificate \"EK/AK CA Intermediate\" is revoked was not checked: there is"
                + " no revocation list of its issuer.");
    assertThat(verified.leaf().authorityInfoAccessIssuerUri())
        .contains(
            "http://privateca-content-633beb94-0000-25c1-a9d7-001a114ba6e8.storage.googleapis.com/c59a22589ab43a57e3a4/ca.crt");
    assertThat(verified.window().lastInstant()).isEqualTo("2052-11-15T18:33:42Z");
  }

  @Test
  void acceptsTheOlderAttestationKeyOnlyUnderItsOwnRoot() {
    Bytes leaf =
        Bytes.fromHex(
            Vectors.json("platforms/tpm/gce_rsa_quote_no_nonce.json").get("ak_cert").stringValue());
    List<Bytes> chain =
        List.of(
            leaf,
            RealChains.pem("tpm/gce_2021_intermediate_2.pem"),
            RealChains.pem("tpm/gce_2021_root_1.pem"));
    Instant now = Instant.parse("2021-09-01T00:00:00Z");
    ChainVerifier older =
        verifier(RealChains.anchor("tpm/gce_2021_root_1.pem"), PathRules.gcpAttestationKey());

    VerifiedChain verified = verify(older, chain, now);
    assertThat(verified.key()).isInstanceOf(RsaPublicKey.class);
    assertThat(verified.leaf().subject().commonName()).isEmpty();
    assertThat(verified.unchecked()).hasSize(2);
    assertThatThrownBy(() -> verify(gcp(), chain, now)).hasMessage("UnknownIssuer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"milan", "genoa", "turin"})
  void amdRootsSignThemselvesAndTheirSubordinates(String product) {
    UnverifiedCertificate ark = RealChains.certificate("roots/amd-" + product + "-ark.pem");
    UnverifiedCertificate ask = RealChains.certificate("roots/amd-" + product + "-ask.pem");

    assertThat(ark.isSignedBy(ark, VERIFIER)).isTrue();
    assertThat(ask.isSignedBy(ark, VERIFIER)).isTrue();
    assertThat(ask.isSignedBy(ask, VERIFIER)).isFalse();
    assertThat(ark.key().orElseThrow()).isInstanceOf(RsaPublicKey.class);
    assertThat(ask.revocationListUri().orElseThrow())
        .isEqualToIgnoringCase("https://kdsintf.amd.com/vcek/v1/" + product + "/crl");
  }

  @Test
  void acceptsChipCertificatesOfAmdWithTheNumberZero() {
    VerifiedChain verified =
        verify(
            snp("milan"),
            List.of(RealChains.pem("snp/sev_snp_vcek.pem"), RealChains.pem("snp/sev_snp_ask.pem")),
            Instant.parse("2026-07-01T00:00:00Z"));

    assertThat(verified.key()).isInstanceOf(P384PublicKey.class);
    assertThat(verified.leaf().serial()).isEqualTo(BigInteger.ZERO);
    assertThat(verified.unchecked()).hasSize(1);
    assertThat(verified.leaf().extension("1.3.6.1.4.1.3704.1.3.3")).isPresent();
  }

  @Test
  void refusesChipCertificatesUnderAnotherProduct() {
    List<Bytes> chain =
        List.of(RealChains.pem("snp/sev_snp_vcek.pem"), RealChains.pem("roots/amd-genoa-ask.pem"));

    assertThatThrownBy(() -> verify(snp("genoa"), chain, Instant.parse("2026-07-01T00:00:00Z")))
        .hasMessage("UnknownIssuer");
  }

  @Test
  void requiredListsThatNobodyHasAreARefusal() {
    ChainVerifier strict = gcp().under(RevocationRule.REQUIRED);
    List<Bytes> chain =
        List.of(
            RealChains.pem("tpm/gcp_ak_ecc_2022.pem"),
            RealChains.pem("tpm/gcp_ek_ak_ca_intermediate_v3.pem"));

    assertThatThrownBy(() -> verify(strict, chain, Instant.parse("2022-11-24T00:00:00Z")))
        .hasMessage("UnknownRevocationStatus");
  }

  @ParameterizedTest
  @CsvSource({
    "tpm/gcp_ak_ecc_2022.pem,tpm/gcp_ek_ak_ca_intermediate_v3.pem",
    "snp/sev_snp_vcek.pem,snp/sev_snp_ask.pem"
  })
  void refusesAnyFlippedBitOfTheLeaf(String leaf, String issuer) {
    Bytes der = RealChains.pem(leaf);
    boolean amd = leaf.startsWith("snp");
    Instant now = Instant.parse(amd ? "2026-07-01T00:00:00Z" : "2022-11-24T00:00:00Z");
    ChainVerifier verifier = amd ? snp("milan") : gcp();
    List<Bytes> others = List.of(RealChains.pem(issuer));
    for (int i = 0; i < der.length(); i++) {
      byte[] changed = der.toArray();
      changed[i] ^= 1;
      assertThatThrownBy(
              () -> verifier.verify(UnverifiedCertificate.parse(Bytes.of(changed)), others, now))
          .as("byte %d", i)
          .isInstanceOf(RefusalException.class);
    }
  }
}
