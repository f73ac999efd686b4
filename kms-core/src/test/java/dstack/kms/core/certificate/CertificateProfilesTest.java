package dstack.kms.core.certificate;

import static dstack.kms.core.certificate.CertificateFixtures.APP;
import static dstack.kms.core.certificate.CertificateFixtures.APP_CA;
import static dstack.kms.core.certificate.CertificateFixtures.ISSUER;
import static dstack.kms.core.certificate.CertificateFixtures.LEAF_KEY;
import static dstack.kms.core.certificate.CertificateFixtures.NOW;
import static dstack.kms.core.certificate.CertificateFixtures.ROOT;
import static dstack.kms.core.certificate.CertificateFixtures.TEMP;
import static dstack.kms.core.certificate.CertificateFixtures.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.KeyVectors;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.secret.Secret;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Specification 02 §5, profile by profile, read by our parser and by openssl. */
class CertificateProfilesTest {
  private static final Bytes EVIDENCE = Bytes.fromHex("00" + "ab".repeat(300));
  private static final String NOT_AFTER = "2036-03-01T05:06:07Z";

  @TempDir Path folder;

  /** Each extension as OID, criticality and value, in order. */
  private static List<String> extensions(String pem) {
    return parsed(pem).extensions().stream()
        .map(e -> e.oid() + (e.critical() ? " critical " : " ") + e.value().hex())
        .toList();
  }

  private static String nested(String arc, Bytes content) {
    int length = content.length();
    String head =
        length < 0x80
            ? "04" + Bytes.of(new byte[] {(byte) length}).hex()
            : "0482" + Bytes.of(new byte[] {(byte) (length >> 8), (byte) length}).hex();
    return "1.3.6.1.4.1.62397.1." + arc + " " + head + content.hex();
  }

  private static String rdn(String oid, String text) {
    Bytes value = Bytes.utf8(text);
    String length = Bytes.of(new byte[] {(byte) value.length()}).hex();
    String pair = "0603" + oid + "0c" + length + value.hex();
    String pairLength = Bytes.of(new byte[] {(byte) (pair.length() / 2)}).hex();
    String sequence = "30" + pairLength + pair;
    return "31" + Bytes.of(new byte[] {(byte) (sequence.length() / 2)}).hex() + sequence;
  }

  private static String name(String... rdns) {
    String content = String.join("", rdns);
    return "30" + Bytes.of(new byte[] {(byte) (content.length() / 2)}).hex() + content;
  }

  private static final String O_DSTACK = rdn("55040a", "Dstack");

  private static void hasDefaultValidity(String pem) {
    assertThat(parsed(pem).notBefore()).isEqualTo(Instant.parse("1975-01-01T00:00:00Z"));
    assertThat(parsed(pem).notAfter()).isEqualTo(Instant.parse(NOT_AFTER));
  }

  @Test
  void rootCaHasItsProfile() {
    ParsedCertificate root = ROOT.certificate();
    String expected = name(O_DSTACK, rdn("550403", "Dstack KMS CA"));
    assertThat(root.version()).isEqualTo(3);
    assertThat(root.subject().hex()).isEqualTo(expected).isEqualTo(root.issuer().hex());
    assertThat(extensions(ROOT.pem()))
        .containsExactly(
            "2.5.29.15 critical 03030786" + "00",
            "2.5.29.14 0414" + keyId(root.spki()),
            "2.5.29.19 critical 30060101ff020101");
    assertThat(root.isCa()).isTrue();
    hasDefaultValidity(ROOT.pem());
  }

  private static String keyId(Bytes spki) {
    return dstack.kms.core.bytes.Digests.sha256(spki).slice(0, 20).hex();
  }

  @Test
  void tempCaHasItsProfile() {
    assertThat(TEMP.certificate().subject().hex())
        .isEqualTo(name(O_DSTACK, rdn("550403", "Dstack Client Temp CA")));
    assertThat(extensions(TEMP.pem()))
        .containsExactly(
            "2.5.29.15 critical 0303078600",
            "2.5.29.14 0414" + keyId(TEMP.certificate().spki()),
            "2.5.29.19 critical 30060101ff020100");
    hasDefaultValidity(TEMP.pem());
  }

  @Test
  void appCaHasItsProfile() {
    ParsedCertificate ca = APP_CA.certificate();
    assertThat(ca.issuer()).isEqualTo(ROOT.certificate().subject());
    assertThat(ca.subject().hex()).isEqualTo(name(O_DSTACK, rdn("550403", "Dstack App CA")));
    assertThat(extensions(APP_CA.pem()))
        .containsExactly(
            "2.5.29.15 critical 0303078600",
            "2.5.29.14 0414" + keyId(ca.spki()),
            "2.5.29.19 critical 30060101ff020100",
            nested("3", APP.value()),
            nested("4", Bytes.utf8("app:ca")));
    hasDefaultValidity(APP_CA.pem());
  }

  @Test
  void rpcCertificateHasItsProfile() {
    String pem = ISSUER.rpc(ROOT, LEAF_KEY, "kms.example.com", Optional.of(EVIDENCE));
    assertThat(parsed(pem).subject().hex()).isEqualTo(name(rdn("550403", "kms.example.com")));
    assertThat(parsed(pem).issuer()).isEqualTo(ROOT.certificate().subject());
    assertThat(extensions(pem))
        .containsExactly(
            "2.5.29.17 3011820f" + Bytes.utf8("kms.example.com").hex(),
            "2.5.29.15 critical 0303078000",
            nested("4", Bytes.utf8("kms:rpc")),
            nested("8", EVIDENCE));
    assertThat(parsed(pem).isCa()).isFalse();
    hasDefaultValidity(pem);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 30068704c0000207",
    "2001:db8::7, 3012871020010db8000000000000000000000007",
    "::ffff:192.0.2.7, 3012871000000000000000000000ffffc0000207",
    "01.2.3.4, 300a820830312e322e332e34"
  })
  void rpcCertificateNamesAnIpAddressAsOneAndAllElseAsDns(String domain, String san) {
    String pem = ISSUER.rpc(ROOT, LEAF_KEY, domain, Optional.empty());
    assertThat(extensions(pem)).startsWith("2.5.29.17 " + san).hasSize(3);
  }

  @Test
  void appLeafHasItsProfileWithEverythingAskedFor() {
    Bytes info = Bytes.fromHex("98");
    Instant from = NOW.minusSeconds(60);
    LeafRequest request =
        new LeafRequest(
            LEAF_KEY,
            APP,
            "Acme",
            "leaf",
            List.of("a.example", "203.0.113.10"),
            true,
            true,
            info,
            EVIDENCE,
            from,
            NOW.plusSeconds(3600));
    String pem = ISSUER.appLeaf(APP_CA, request);
    assertThat(parsed(pem).subject().hex())
        .isEqualTo(name(rdn("55040a", "Acme"), rdn("550403", "leaf")));
    assertThat(parsed(pem).issuer()).isEqualTo(APP_CA.certificate().subject());
    assertThat(extensions(pem))
        .containsExactly(
            "2.5.29.17 30118209" + Bytes.utf8("a.example").hex() + "8704cb00710a",
            "2.5.29.15 critical 0303078000",
            "2.5.29.37 301406082b0601050507030106082b06010505070302",
            nested("3", APP.value()),
            nested("9", info),
            nested("4", Bytes.utf8("app:custom")),
            nested("8", EVIDENCE));
    assertThat(parsed(pem).notBefore()).isEqualTo(Instant.parse("2026-03-04T05:05:07Z"));
    assertThat(parsed(pem).notAfter()).isEqualTo(Instant.parse("2026-03-04T06:06:07Z"));
  }

  @Test
  void appLeafHasItsProfileWithNothingAskedFor() {
    LeafRequest request =
        new LeafRequest(
            LEAF_KEY, APP, null, "leaf", List.of(), false, false, null, null, null, null);
    String pem = ISSUER.appLeaf(APP_CA, request);
    assertThat(parsed(pem).subject().hex()).isEqualTo(name(rdn("550403", "leaf")));
    assertThat(extensions(pem))
        .containsExactly(
            "2.5.29.15 critical 0303078000",
            nested("3", APP.value()),
            nested("4", Bytes.utf8("app:custom")));
    hasDefaultValidity(pem);
  }

  @Test
  void tempClientCertificateHasItsProfile() {
    String pem = ISSUER.tempClient(TEMP, LEAF_KEY, EVIDENCE);
    assertThat(parsed(pem).subject().hex()).isEqualTo(name(rdn("550403", "RA-TLS TEMP Cert")));
    assertThat(parsed(pem).issuer()).isEqualTo(TEMP.certificate().subject());
    assertThat(extensions(pem))
        .containsExactly("2.5.29.15 critical 0303078000", nested("8", EVIDENCE));
    hasDefaultValidity(pem);
  }

  @Test
  void serialAndKeyIdentifierAreTheVectorsFunctionOfTheKey() {
    KeyVectors.each("roots")
        .forEach(
            root -> {
              try (Secret scalar = KeyVectors.secret(root.get("root_ca"), "scalar");
                  P256PrivateKey key = P256PrivateKey.ofScalar(scalar)) {
                CertificateAuthority ca = ISSUER.rootCa(key);
                assertThat(ca.certificate().serial())
                    .isEqualTo(KeyVectors.bytes(root.get("cert_fields_for_root_key"), "serial"));
                assertThat(extensions(ca.pem()).get(1))
                    .endsWith(
                        "0414" + root.get("cert_fields_for_root_key").get("ski").stringValue());
                root.get("apps")
                    .forEach(
                        app -> {
                          try (Secret appScalar = KeyVectors.secret(app.get("app_ca"), "scalar");
                              P256PrivateKey appKey = P256PrivateKey.ofScalar(appScalar)) {
                            CertificateAuthority appCa = ISSUER.appCa(ca, appKey, APP);
                            assertThat(number(appCa.certificate().serial()))
                                .isEqualTo(
                                    number(KeyVectors.bytes(app.get("app_ca"), "cert_serial")));
                            assertThat(extensions(appCa.pem()).get(1))
                                .endsWith(app.get("app_ca").get("cert_ski").stringValue());
                          }
                        });
              }
            });
  }

  private static java.math.BigInteger number(Bytes bytes) {
    return new java.math.BigInteger(1, bytes.toArray());
  }

  @Test
  void everySignatureHoldsUnderItsIssuerOnly() {
    ParsedCertificate leaf =
        parsed(ISSUER.appLeaf(APP_CA, CertificateFixtures.leaf(List.of(), null, null)));
    for (String name : List.of("ACCP", "BC")) {
      var verifier = SignatureVerifiers.named(name);
      assertThat(leaf.isSignedBy(CertificateFixtures.APP_KEY.publicKey(), verifier)).isTrue();
      assertThat(leaf.isSignedBy(CertificateFixtures.ROOT_KEY.publicKey(), verifier)).isFalse();
      assertThat(ROOT.certificate().isSignedBy(CertificateFixtures.ROOT_KEY.publicKey(), verifier))
          .isTrue();
    }
  }

  @Test
  void opensslVerifiesTheChainOfAnApplication() {
    String leaf =
        ISSUER.appLeaf(APP_CA, CertificateFixtures.leaf(List.of("a.example"), null, null));
    Path root = OpenSsl.write(folder, "root.pem", ROOT.pem());
    Path ca = OpenSsl.write(folder, "ca.pem", APP_CA.pem());
    Path end = OpenSsl.write(folder, "leaf.pem", leaf);
    String output =
        OpenSsl.run(
            "verify",
            "-check_ss_sig",
            "-attime",
            "1790000000",
            "-purpose",
            "sslserver",
            "-verify_hostname",
            "a.example",
            "-CAfile",
            root.toString(),
            "-untrusted",
            ca.toString(),
            end.toString());
    assertThat(output).contains("OK");
  }

  @Test
  void opensslReadsWhatWeWrote() {
    assertThat(OpenSsl.text(folder, ROOT.pem()))
        .contains(
            "Version: 3 (0x2)",
            "Issuer: O = Dstack, CN = Dstack KMS CA",
            "Subject: O = Dstack, CN = Dstack KMS CA",
            "Not Before: Jan  1 00:00:00 1975 GMT",
            "Not After : Mar  1 05:06:07 2036 GMT",
            "Signature Algorithm: ecdsa-with-SHA256",
            "Digital Signature, Certificate Sign, CRL Sign",
            "CA:TRUE, pathlen:1")
        .doesNotContain("Authority Key Identifier");
    String rpc = ISSUER.rpc(ROOT, LEAF_KEY, "192.0.2.7", Optional.of(EVIDENCE));
    assertThat(OpenSsl.text(folder, rpc))
        .contains("Subject: CN = 192.0.2.7", "IP Address:192.0.2.7", "X509v3 Key Usage: critical")
        .doesNotContain("Extended Key Usage", "Basic Constraints");
  }

  @Test
  void writesYearsFrom2050AsGeneralizedTime() {
    Certificates late =
        new Certificates(java.time.InstantSource.fixed(Instant.parse("2045-06-01T00:00:00Z")));
    String pem = late.rootCa(CertificateFixtures.ROOT_KEY).pem();
    assertThat(parsed(pem).notAfter()).isEqualTo(Instant.parse("2055-05-30T00:00:00Z"));
    assertThat(Pem.decode(pem).hex())
        .contains("180f" + Bytes.utf8("20550530000000Z").hex())
        .contains("170d" + Bytes.utf8("750101000000Z").hex());
  }
}
