package dstack.kms.core.certificate;

import static dstack.kms.core.certificate.OddCertificates.ECDSA;
import static dstack.kms.core.certificate.OddCertificates.NAME;
import static dstack.kms.core.certificate.OddCertificates.SERIAL;
import static dstack.kms.core.certificate.OddCertificates.SIGNATURE;
import static dstack.kms.core.certificate.OddCertificates.SPKI;
import static dstack.kms.core.certificate.OddCertificates.VALIDITY;
import static dstack.kms.core.certificate.OddCertificates.VERSION_3;
import static dstack.kms.core.certificate.OddCertificates.certificate;
import static dstack.kms.core.certificate.OddCertificates.extension;
import static dstack.kms.core.certificate.OddCertificates.extensions;
import static dstack.kms.core.certificate.OddCertificates.sequence;
import static dstack.kms.core.certificate.OddCertificates.time;
import static dstack.kms.core.certificate.OddCertificates.tlv;
import static dstack.kms.core.certificate.OddCertificates.withExtensions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParsedCertificateTest {
  private static final Bytes KEY_USAGE = extension("551d0f", true, Bytes.fromHex("03020780"));

  @TempDir Path folder;

  private static void refuses(Bytes der) {
    assertThatThrownBy(() -> ParsedCertificate.parse(der))
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith("malformed certificate: ");
  }

  @Test
  void takesAPlainCertificateApart() {
    Bytes der = withExtensions(KEY_USAGE);
    ParsedCertificate parsed = ParsedCertificate.parse(der);
    assertThat(parsed.der()).isEqualTo(der);
    assertThat(parsed.version()).isEqualTo(3);
    assertThat(parsed.serial().hex()).isEqualTo("01");
    assertThat(parsed.spki()).isEqualTo(SPKI);
    assertThat(parsed.subject()).isEqualTo(NAME);
    assertThat(parsed.issuer()).isEqualTo(NAME);
    assertThat(parsed.notBefore()).isEqualTo(Instant.parse("1975-01-01T00:00:00Z"));
    assertThat(parsed.notAfter()).isEqualTo(Instant.parse("2036-01-01T00:00:00Z"));
    assertThat(parsed.extensions())
        .containsExactly(new CertificateExtension("2.5.29.15", true, Bytes.fromHex("03020780")));
    assertThat(parsed.unknownCritical()).isEmpty();
  }

  @Test
  void takesVersion1WithoutExtensions() {
    ParsedCertificate parsed =
        ParsedCertificate.parse(certificate(SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI));
    assertThat(parsed.version()).isEqualTo(1);
    assertThat(parsed.extensions()).isEmpty();
  }

  @Test
  void takesUniqueIdsAndVersion2() {
    Bytes uid = tlv(0x81, Bytes.fromHex("00aa"));
    Bytes subjectUid = tlv(0x82, Bytes.fromHex("00bb"));
    Bytes version2 = Bytes.fromHex("a003020101");
    assertThat(
            ParsedCertificate.parse(
                    certificate(
                        version2, SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI, uid, subjectUid))
                .version())
        .isEqualTo(2);
  }

  /** Specification 00 §9 and 90 §2: what does not count must not stop the parser. */
  @ParameterizedTest
  @ValueSource(strings = {"0200", "020100", "0201ff", "021a" + "7f", "02020001"})
  void takesOddSerialNumbers(String serial) {
    String whole = serial.startsWith("021a") ? "021a" + "7f".repeat(26) : serial;
    Bytes der = certificate(VERSION_3, Bytes.fromHex(whole), ECDSA, NAME, VALIDITY, NAME, SPKI);
    assertThat(ParsedCertificate.parse(der).spki()).isEqualTo(SPKI);
  }

  @Test
  void takesEmptyNamesAndForeignSignatureAlgorithms() {
    Bytes rsa = Bytes.fromHex("300d06092a864886f70d01010b0500");
    Bytes tbs = sequence(VERSION_3, SERIAL, rsa, sequence(), VALIDITY, sequence(), SPKI);
    Bytes der = sequence(tbs, ECDSA, SIGNATURE);
    ParsedCertificate parsed = ParsedCertificate.parse(der);
    assertThat(parsed.subject().hex()).isEqualTo("3000");
    assertThat(parsed.isSignedBy(CertificateFixtures.LEAF_KEY, SignatureVerifiers.named("auto")))
        .isFalse();
  }

  @Test
  void takesAnyTimesAndRefusesOnlyToReadThoseThatAreNone() {
    Bytes odd = sequence(time(0x18, "19750101000000Z"), time(0x17, "999999999999Z"));
    ParsedCertificate parsed =
        ParsedCertificate.parse(certificate(VERSION_3, SERIAL, ECDSA, NAME, odd, NAME, SPKI));
    assertThat(parsed.notBefore()).isEqualTo(Instant.parse("1975-01-01T00:00:00Z"));
    assertThatThrownBy(parsed::notAfter).isInstanceOf(RefusalException.class);
    for (String bad : List.of("", "Z", "2001010000Z", "20010100000000Z", "210229000000Z")) {
      Bytes times = sequence(time(0x17, bad), time(0x17, bad));
      ParsedCertificate other =
          ParsedCertificate.parse(certificate(VERSION_3, SERIAL, ECDSA, NAME, times, NAME, SPKI));
      assertThatThrownBy(other::notBefore).isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void showsRepeatedExtensionsInTheirOrder() {
    Bytes one = extension("2b0601040183e73d0108", false, Bytes.fromHex("0401aa"));
    Bytes two = extension("2b0601040183e73d0108", false, Bytes.fromHex("0401bb"));
    ParsedCertificate parsed = ParsedCertificate.parse(withExtensions(one, KEY_USAGE, two));
    assertThat(parsed.extensions(KmsExtension.ATTESTATION.oid()))
        .extracting(e -> e.value().hex())
        .containsExactly("0401aa", "0401bb");
  }

  @Test
  void namesCriticalExtensionsThatItDoesNotKnowOurOwnIncluded() {
    Bytes foreign = extension("2a0304", true, Bytes.EMPTY);
    Bytes evidence = extension("2b0601040183e73d0108", true, Bytes.fromHex("0401aa"));
    ParsedCertificate parsed =
        ParsedCertificate.parse(withExtensions(foreign, KEY_USAGE, evidence));
    assertThat(parsed.unknownCritical()).containsExactly("1.2.3.4", "1.3.6.1.4.1.62397.1.8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"30030101ff", "30060101ff020100", "05", "3003010101", ""})
  void takesBasicConstraintsAsCaUnlessTheyPlainlySayOtherwise(String value) {
    Bytes constraints = extension("551d13", true, Bytes.fromHex(value));
    assertThat(ParsedCertificate.parse(withExtensions(constraints)).isCa()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3000", "3003010100"})
  void takesBasicConstraintsThatPlainlySayOtherwiseAsNoCa(String value) {
    Bytes constraints = extension("551d13", true, Bytes.fromHex(value));
    assertThat(ParsedCertificate.parse(withExtensions(constraints)).isCa()).isFalse();
  }

  @Test
  void refusesTrailingBytesAtEveryLevel() {
    Bytes extra = Bytes.fromHex("0500");
    refuses(Bytes.concat(withExtensions(KEY_USAGE), Bytes.zeros(1)));
    Bytes tbs = sequence(VERSION_3, SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI);
    refuses(sequence(tbs, ECDSA, SIGNATURE, extra));
    refuses(
        certificate(
            VERSION_3, SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI, extensions(KEY_USAGE), extra));
    refuses(
        certificate(
            VERSION_3,
            SERIAL,
            ECDSA,
            NAME,
            VALIDITY,
            NAME,
            SPKI,
            tlv(0xa3, sequence(KEY_USAGE), extra)));
    refuses(withExtensions(sequence(tlv(0x06, Bytes.fromHex("2a0304")), tlv(0x04), extra)));
    Bytes twoTimes = Bytes.concat(time(0x17, "750101000000Z"), time(0x17, "750101000000Z"));
    refuses(certificate(VERSION_3, SERIAL, ECDSA, NAME, sequence(twoTimes, extra), NAME, SPKI));
    refuses(
        certificate(
            tlv(0xa0, Bytes.fromHex("020102"), extra), SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI));
    Bytes longSpki = sequence(sequence(), tlv(0x03, Bytes.zeros(2)), extra);
    refuses(certificate(VERSION_3, SERIAL, ECDSA, NAME, VALIDITY, NAME, longSpki));
  }

  @Test
  void refusesVersionsThatDoNotExistAndTheWrittenOutDefault() {
    for (String version : List.of("a003020100", "a003020103", "a0030201ff", "a00402020002")) {
      refuses(certificate(Bytes.fromHex(version), SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI));
    }
  }

  @Test
  void refusesExtensionsInVersions1And2() {
    Bytes version2 = Bytes.fromHex("a003020101");
    refuses(certificate(SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI, extensions(KEY_USAGE)));
    refuses(
        certificate(version2, SERIAL, ECDSA, NAME, VALIDITY, NAME, SPKI, extensions(KEY_USAGE)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "300906032a0304010100" + "0400",
        "300906032a0304010101" + "0400",
        "300a06032a0304010200ff0400",
        "30060601800401aa",
        "3004" + "0600" + "0400",
        "3007" + "06032a0384" + "0400",
        "3005" + "06032a0304"
      })
  void refusesMalformedExtensions(String extension) {
    refuses(withExtensions(Bytes.fromHex(extension)));
  }

  @Test
  void refusesLengthsThatAreNotMinimalOrIndefiniteOrTooLong() {
    Bytes good = withExtensions(KEY_USAGE);
    Bytes content = good.slice(4, good.length());
    String length =
        Bytes.of(new byte[] {(byte) (content.length() >> 8), (byte) content.length()}).hex();
    for (String head : List.of("308300" + length, "3080", "30820000", "30847fffffff", "30ff")) {
      refuses(Bytes.concat(Bytes.fromHex(head), content));
    }
  }

  @Test
  void refusesEveryTruncation() {
    Bytes good = withExtensions(KEY_USAGE);
    for (int length = 0; length < good.length(); length++) {
      refuses(good.slice(0, length));
    }
  }

  @Test
  void takesUpTo64ExtensionsAnd128KibibytesAndRefusesMore() {
    Bytes[] many = new Bytes[65];
    java.util.Arrays.fill(many, KEY_USAGE);
    refuses(withExtensions(many));
    Bytes[] most = java.util.Arrays.copyOf(many, 64);
    assertThat(ParsedCertificate.parse(withExtensions(most)).extensions()).hasSize(64);
    int overhead = OddCertificates.withAttestationValue(Bytes.zeros(100_000)).length() - 100_000;
    Bytes largest = OddCertificates.withAttestationValue(Bytes.zeros(131_072 - overhead));
    assertThat(largest.length()).isEqualTo(131_072);
    assertThat(ParsedCertificate.parse(largest).extensions()).hasSize(1);
    Bytes larger = OddCertificates.withAttestationValue(Bytes.zeros(131_073 - overhead));
    assertThatThrownBy(() -> ParsedCertificate.parse(larger))
        .hasMessage("certificate of 131073 bytes, at most 131072");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC:P-384", "ED25519"})
  void takesCertificatesOfOtherKeyTypesFromOpenSsl(String type) {
    String key = folder.resolve("key.pem").toString();
    String[] kind = type.split(":", -1);
    List<String> command =
        kind.length == 2
            ? List.of(
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:" + kind[1],
                "-out",
                key)
            : List.of("genpkey", "-algorithm", type, "-out", key);
    OpenSsl.run(command.toArray(String[]::new));
    String pem = OpenSsl.run("req", "-x509", "-new", "-key", key, "-subj", "/CN=x", "-days", "1");
    ParsedCertificate parsed = ParsedCertificate.parse(Pem.decode(pem));
    Path file = OpenSsl.write(folder, "cert.pem", pem);
    String spkiPem = OpenSsl.run("x509", "-noout", "-pubkey", "-in", file.toString());
    assertThat(parsed.spki()).isEqualTo(dstack.kms.core.pem.PemArmor.decode("PUBLIC KEY", spkiPem));
    assertThat(parsed.unknownCritical()).isEmpty();
  }
}
