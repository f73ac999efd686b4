package dstack.kms.attest.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.eventlog.EventLogJson;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.certificate.ParsedCertificate;
import dstack.kms.core.refusal.RefusalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader rule of specification 02 §3. */
class CertificateEvidenceTest {
  private static final String ARC = "1.3.6.1.4.1.62397.1.";
  private static final Bytes V0 =
      Containers.vector("tdx/dstack_attestation_v0.stripped-current.bin");
  private static final TdxEvidence FULL = (TdxEvidence) Containers.dstack().evidence();
  private static final Bytes LOG = Bytes.utf8(EventLogJson.write(FULL.eventLog()));

  private final Map<String, List<Bytes>> extensions = new HashMap<>();

  @Test
  void findsNoneInACertificateWithoutTheExtensions() throws IOException {
    assertThat(read()).isEmpty();
    put("2", octets(LOG));
    put("9", octets(Bytes.EMPTY));
    assertThat(read()).isEmpty();
  }

  @Test
  void readsBothContainers() throws IOException {
    put("8", octets(V0));
    assertThat(read()).contains(UnverifiedAttestation.decode(V0));
    Bytes v1 = Containers.vector("tdx/dstack_attestation_v1.msgpack");
    put("8", octets(v1));
    assertThat(read()).contains(UnverifiedAttestation.decode(v1));
  }

  @Test
  void readsTheOlderPair() throws IOException {
    put("1", octets(FULL.quote()));
    put("2", octets(LOG));
    assertThat(read()).contains(LegacyPair.toAttestation(FULL.quote(), LOG));
  }

  @Test
  void prefersTheContainerAndNeverFallsBackFromIt() throws IOException {
    put("1", octets(FULL.quote()));
    put("2", octets(LOG));
    put("8", octets(V0));
    assertThat(read()).contains(UnverifiedAttestation.decode(V0));
    put("8", octets(Bytes.fromHex("0005")));
    assertRefused("Failed to decode attestation from cert extension: Failed to decode legacy");
    put("8", octets(Bytes.EMPTY));
    assertRefused("Failed to decode attestation from cert extension: Empty attestation bytes");
  }

  @Test
  void refusesAQuoteWithoutItsLogAndAPairThatIsNone() throws IOException {
    put("1", octets(FULL.quote()));
    assertRefused("TDX event log missing");
    put("2", octets(Bytes.utf8("{}")));
    assertRefused("Failed to create attestation from TDX quote: Failed to parse tdx_event_log: ");
    put("1", octets(Bytes.zeros(3)));
    put("2", octets(LOG));
    assertRefused("Failed to create attestation from TDX quote: Invalid TDX quote: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "8"})
  void refusesARepeatedExtension(String last) throws IOException {
    put("8", octets(V0));
    put("1", octets(FULL.quote()));
    put("2", octets(LOG));
    Bytes value = extensions.getOrDefault(ARC + last, List.of()).getFirst();
    extensions.put(ARC + last, List.of(value, value));
    assertRefused("Failed to get extension for [1, 3, 6, 1, 4, 1, 62397, 1, " + last + "]: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "04",
        "0401",
        "040100ff",
        "0480",
        "04800000",
        "048100",
        "04810100",
        "04817f00",
        "0482000100",
        "04830000010000",
        "0484000000010000",
        "04ff",
        "0501aa",
        "2403040100",
        "30030401aa",
      })
  void refusesContentThatIsNotOneOctetString(String der) {
    extensions.put(ARC + "8", List.of(Bytes.fromHex(der)));
    assertRefused("Failed to get extension for [1, 3, 6, 1, 4, 1, 62397, 1, 8]: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 255, 256, 65_535, 65_536, 131_072})
  void readsOctetStringsOfEveryLength(int length) throws IOException {
    put("8", octets(Bytes.concat(Bytes.of(new byte[] {1}), Bytes.zeros(length - 1))));
    assertRefused(
        "Failed to decode attestation from cert extension: Unknown attestation wire format");
  }

  @Test
  void readsTheEvidenceOfAParsedCertificate() throws Exception {
    Instant day = Instant.ofEpochSecond(1_800_000_000L);
    KeyPairGenerator keys = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    keys.initialize(256);
    KeyPair key = keys.generateKeyPair();
    X500Name name = new X500Name("CN=RA-TLS TEMP Cert");
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name, BigInteger.ONE, Date.from(day), Date.from(day), name, key.getPublic());
    builder.addExtension(
        new ASN1ObjectIdentifier(ARC + "8"), false, new DEROctetString(V0.toArray()));
    byte[] der =
        builder
            .build(
                new JcaContentSignerBuilder("SHA256withECDSA")
                    .setProvider(new BouncyCastleProvider())
                    .build(key.getPrivate()))
            .getEncoded();
    assertThat(CertificateEvidence.of(ParsedCertificate.parse(Bytes.of(der))))
        .contains(UnverifiedAttestation.decode(V0));
  }

  @Test
  void t10_refusesACompressedExtensionAtOnce() throws IOException {
    Bytes bomb = gzip(new byte[10 << 20]);
    Bytes nested = gzip(bomb.toArray());
    for (Bytes content : List.of(bomb, nested, Bytes.concat(Bytes.utf8("ELGZv1"), bomb))) {
      put("8", octets(content));
      assertRefused(
          "Failed to decode attestation from cert extension: Unknown attestation wire format");
    }
    extensions.clear();
    put("1", octets(FULL.quote()));
    put("2", octets(Bytes.concat(Bytes.utf8("ELGZv1"), bomb)));
    assertRefused("Failed to create attestation from TDX quote: Failed to parse tdx_event_log: ");
  }

  private void put(String last, Bytes value) {
    extensions.put(ARC + last, List.of(value));
  }

  private Optional<UnverifiedAttestation> read() {
    return CertificateEvidence.of(oid -> extensions.getOrDefault(oid, List.of()));
  }

  private void assertRefused(String text) {
    assertThatThrownBy(this::read)
        .isInstanceOf(RefusalException.class)
        .hasMessageStartingWith(text);
  }

  private static Bytes octets(Bytes content) throws IOException {
    return Bytes.of(new DEROctetString(content.toArray()).getEncoded());
  }

  private static Bytes gzip(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(content);
    }
    return Bytes.of(packed.toByteArray());
  }
}
