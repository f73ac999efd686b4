package dstack.kms.core.csr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.KeyVectors;
import dstack.kms.core.crypto.P256PrivateKey;
import dstack.kms.core.crypto.SignatureVerifier;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SignCertRequestCsrTest {
  private static final SignatureVerifier VERIFIER = SignatureVerifiers.named("auto");
  private static final CsrConfig CONFIG =
      new CsrConfig("Acme", "leaf", List.of("a.example"), true, false, true, false, null, null);

  private static JsonNode vector(int index) {
    return KeyVectors.document().get("csr").get(index);
  }

  private static SignCertRequestCsr parse(JsonNode vector) {
    return SignCertRequestCsr.parse(
        vector.get("version").longValue(), KeyVectors.bytes(vector, "csr"));
  }

  private static VerifiedCsr verify(int version, Bytes csr, Bytes signature) {
    return SignCertRequestCsr.parse(version, csr).verify(signature, VERIFIER);
  }

  private static void refuses(int version, Bytes csr, Bytes signature, String text) {
    assertThatThrownBy(() -> verify(version, csr, signature))
        .isInstanceOf(RefusalException.class)
        .hasMessage("Failed to verify csr signature: " + text);
  }

  private static P256PrivateKey key() {
    try (Secret scalar = KeyVectors.secret("02".repeat(32))) {
      return P256PrivateKey.ofScalar(scalar);
    }
  }

  static Stream<JsonNode> signed() {
    return Stream.of(vector(2), vector(3));
  }

  @Test
  void readsTheUpstreamRequestMemberByMember() {
    SignCertRequestCsr csr = parse(vector(0));
    assertThat(csr.publicKey().hex()).isEqualTo("010203");
    assertThat(csr.config())
        .isEqualTo(
            new CsrConfig(
                null, "test.example.com", List.of(), true, false, false, false, null, null));
    assertThat(csr.evidence())
        .isEqualTo(new CsrEvidence.Attestation(Bytes.fromHex("00".repeat(5 + 64 + 1))));
  }

  @Test
  void readsTheSecondUpstreamRequest() {
    SignCertRequestCsr csr = parse(vector(1));
    assertThat(csr.config().withAttestation()).isTrue();
    assertThat(((CsrEvidence.Attestation) csr.evidence()).encoded().hex()).startsWith("00000409");
  }

  @ParameterizedTest
  @MethodSource("signed")
  void readsAndVerifiesTheSignedRequestsOfTheVectors(JsonNode vector) {
    SignCertRequestCsr csr = parse(vector);
    JsonNode expected = vector.get("config");
    CsrConfig config = csr.config();
    assertThat(config.organization()).isEqualTo(KeyVectors.text(expected, "org_name"));
    assertThat(config.subject()).isEqualTo(KeyVectors.text(expected, "subject"));
    assertThat(config.altNames())
        .isEqualTo(
            expected.get("subject_alt_names").valueStream().map(JsonNode::stringValue).toList());
    assertThat(config.serverAuth()).isEqualTo(expected.get("usage_server_auth").booleanValue());
    assertThat(config.clientAuth()).isEqualTo(expected.get("usage_client_auth").booleanValue());
    assertThat(config.withAttestation()).isEqualTo(expected.get("ext_quote").booleanValue());
    VerifiedCsr verified = csr.verify(KeyVectors.bytes(vector, "signature_der"), VERIFIER);
    assertThat(verified.key().subjectPublicKeyInfo())
        .isEqualTo(KeyVectors.bytes(vector, "pubkey_spki"));
    assertThat(verified.config()).isEqualTo(config);
  }

  @Test
  void readsWhatOnlyVersion2Has() {
    SignCertRequestCsr csr = parse(vector(2));
    assertThat(csr.config().withAppInfo()).isTrue();
    assertThat(csr.config().notBefore()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    assertThat(csr.config().notAfter()).isEqualTo(Instant.ofEpochSecond(1_800_000_000));
    assertThat(csr.evidence())
        .isEqualTo(new CsrEvidence.Attestation(KeyVectors.bytes(vector(2), "attestation_v0")));
  }

  @Test
  void readsTheEvidenceOfVersion1() {
    assertThat(parse(vector(3)).evidence())
        .isEqualTo(
            new CsrEvidence.QuoteAndEventLog(
                KeyVectors.bytes(vector(3), "quote"),
                Bytes.utf8(KeyVectors.text(vector(3), "event_log_utf8"))));
  }

  @Test
  void writesTheRequestsOfTheVectors() {
    Bytes spki = KeyVectors.bytes(vector(2), "pubkey_spki");
    Bytes second =
        CsrWriter.version2(
            spki, parse(vector(2)).config(), KeyVectors.bytes(vector(2), "attestation_v0"));
    assertThat(second).isEqualTo(KeyVectors.bytes(vector(2), "csr"));
    Bytes first =
        CsrWriter.version1(
            spki,
            parse(vector(3)).config(),
            KeyVectors.bytes(vector(3), "quote"),
            Bytes.utf8("[]"));
    assertThat(first).isEqualTo(KeyVectors.bytes(vector(3), "csr"));
  }

  @Test
  void refusesTheWrongConfirmWordOfTheVectors() {
    JsonNode vector = vector(4);
    assertThatThrownBy(
            () -> parse(vector).verify(KeyVectors.bytes(vector, "signature_der"), VERIFIER))
        .hasMessage(KeyVectors.text(vector, "expect_error_utf8"));
  }

  @ParameterizedTest
  @MethodSource("signed")
  void refusesARequestWithAnyByteChanged(JsonNode vector) {
    int version = vector.get("version").intValue();
    Bytes signature = KeyVectors.bytes(vector, "signature_der");
    Bytes good = KeyVectors.bytes(vector, "csr");
    for (int i = 0; i < good.length(); i++) {
      byte[] bad = good.toArray();
      bad[i] ^= 1;
      assertThatThrownBy(() -> verify(version, Bytes.of(bad), signature))
          .isInstanceOf(RefusalException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("signed")
  void refusesASignatureWithAnyByteChanged(JsonNode vector) {
    int version = vector.get("version").intValue();
    Bytes good = KeyVectors.bytes(vector, "signature_der");
    for (int i = 0; i < good.length(); i++) {
      byte[] bad = good.toArray();
      bad[i] ^= 1;
      refuses(version, KeyVectors.bytes(vector, "csr"), Bytes.of(bad), "Invalid signature");
    }
    Bytes longer = Bytes.concat(good, Bytes.zeros(1));
    refuses(version, KeyVectors.bytes(vector, "csr"), longer, "Invalid signature");
    refuses(version, KeyVectors.bytes(vector, "csr"), Bytes.EMPTY, "Invalid signature");
  }

  @Test
  void refusesTrailingBytesAfterVersion1EvenIfTheyAreSigned() {
    try (P256PrivateKey key = key()) {
      Bytes spki = key.publicKey().subjectPublicKeyInfo();
      Bytes csr =
          Bytes.concat(CsrWriter.version1(spki, CONFIG, Bytes.EMPTY, Bytes.EMPTY), Bytes.zeros(2));
      assertThatThrownBy(() -> verify(1, csr, key.sign(csr).toDer()))
          .hasMessage("Failed to parse csr: trailing bytes: 2");
    }
  }

  @Test
  void refusesASignatureByAnotherKey() {
    try (P256PrivateKey key = key();
        Secret other = KeyVectors.secret("03".repeat(32));
        P256PrivateKey otherKey = P256PrivateKey.ofScalar(other)) {
      Bytes spki = key.publicKey().subjectPublicKeyInfo();
      Bytes csr = CsrWriter.version2(spki, CONFIG, Bytes.EMPTY);
      assertThat(verify(2, csr, key.sign(csr).toDer()).key()).isEqualTo(key.publicKey());
      refuses(2, csr, otherKey.sign(csr).toDer(), "Invalid signature");
    }
  }

  /** P-384, compressed P-256, off the curve, RSA, Ed25519, not DER, trailing byte, empty. */
  @ParameterizedTest
  @CsvSource({
    "3049301306072a8648ce3d020106052b8104002203320004, Failed to parse pubkey",
    "3039301306072a8648ce3d020106082a8648ce3d030107032200"
        + "0391f50522407ce29dce3ed7d31a15d80c1c42f13a23552d2b33a0ce09ee11e47b, Invalid signature",
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
        + "0000000000000000000000000000000000000000000000000000000000000001"
        + "0000000000000000000000000000000000000000000000000000000000000001, Invalid signature",
    "3017300d06092a864886f70d0101010500030600300302010c, Unsupported algorithm",
    "302a300506032b6570032100"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, Unsupported algorithm",
    "010203, Failed to parse pubkey",
    "3000, Failed to parse pubkey",
    "'', Failed to parse pubkey"
  })
  void refusesEveryKeyThatIsNoUncompressedNamedCurveP256(String spki, String text) {
    try (P256PrivateKey key = key()) {
      Bytes csr = CsrWriter.version2(Bytes.fromHex(spki), CONFIG, Bytes.EMPTY);
      refuses(2, csr, key.sign(csr).toDer(), text);
    }
  }

  @Test
  void refusesAKeyWithATrailingByteOrWithExplicitParameters() {
    try (P256PrivateKey key = key()) {
      Bytes spki = key.publicKey().subjectPublicKeyInfo();
      Bytes trailing = CsrWriter.version2(Bytes.concat(spki, Bytes.zeros(1)), CONFIG, Bytes.EMPTY);
      refuses(2, trailing, key.sign(trailing).toDer(), "Failed to parse pubkey");
      Bytes noCurve =
          Bytes.concat(
              Bytes.fromHex("3051300b06072a8648ce3d02010500" + "034200"), key.publicKey().point());
      Bytes withoutCurve = CsrWriter.version2(fixLength(noCurve), CONFIG, Bytes.EMPTY);
      refuses(2, withoutCurve, key.sign(withoutCurve).toDer(), "Invalid signature");
    }
  }

  private static Bytes fixLength(Bytes sequence) {
    byte[] raw = sequence.toArray();
    raw[1] = (byte) (raw.length - 2);
    return Bytes.of(raw);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 3, 4_294_967_295L})
  void refusesOtherApiVersions(long version) {
    assertThatThrownBy(() -> SignCertRequestCsr.parse(version, Bytes.EMPTY))
        .hasMessage("Unsupported API version: " + version);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void refusesEveryTruncation(int version) {
    Bytes good = KeyVectors.bytes(version == 2 ? vector(2) : vector(3), "csr");
    int evidence = version == 2 ? KeyVectors.bytes(vector(2), "attestation_v0").length() : 0;
    for (int length = 0; length < good.length() - evidence; length++) {
      Bytes cut = good.slice(0, length);
      assertThatThrownBy(() -> SignCertRequestCsr.parse(version, cut))
          .isInstanceOf(RefusalException.class)
          .hasMessageStartingWith("Failed to parse csr: ");
    }
  }

  @Test
  void t11_refusesCountOfAltNamesThatTheRequestCannotHold() {
    String head = "44" + Bytes.utf8("please sign cert:").hex() + "00" + "00" + "00";
    for (String count : List.of("03ffffffff", "03ffffff7f", "feffffff", "0104")) {
      Bytes csr = Bytes.fromHex(head + count);
      assertThatThrownBy(() -> SignCertRequestCsr.parse(2, csr))
          .isInstanceOf(RefusalException.class);
    }
  }

  @Test
  void refusesAValidityThatNoCertificateCanName() {
    String head = "44" + Bytes.utf8("please sign cert:").hex() + "00" + "00" + "00" + "00";
    for (String time : List.of("ffffffffffffffff", "000000000000ffff", "ff41c4ac3b000000")) {
      Bytes csr = Bytes.fromHex(head + "00000000" + "01" + time + "00");
      assertThatThrownBy(() -> SignCertRequestCsr.parse(2, csr))
          .isInstanceOf(RefusalException.class)
          .hasMessageContaining("time out of range");
    }
  }
}
