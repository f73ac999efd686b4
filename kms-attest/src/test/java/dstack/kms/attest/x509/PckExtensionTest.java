package dstack.kms.attest.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.PckParts;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Specification 11 §4. */
class PckExtensionTest {
  private static PckExtension read(PckParts parts) {
    return PckExtension.of(certificate(parts.der()));
  }

  private static UnverifiedCertificate certificate(Bytes extension) {
    return UnverifiedCertificate.parse(
        Certs.leaf("pck", "authority").with(PckParts.OID, false, extension).der());
  }

  private static Arguments of(String text, Consumer<PckParts> change) {
    return Arguments.of(text, change);
  }

  static List<Arguments> refusals() {
    String missing = "Intel extension path 1.2.840.113741.1.13.1%s is missing";
    return List.of(
        of(missing.replace("%s", ".1"), p -> p.entries.remove(".1")),
        of(missing.replace("%s", ".2"), p -> p.tcb.clear()),
        of(missing.replace("%s", ".2.17"), p -> p.tcb.remove(".2.17")),
        of(missing.replace("%s", ".2.18"), p -> p.tcb.remove(".2.18")),
        of(missing.replace("%s", ".3"), p -> p.entries.remove(".3")),
        of("Failed to find Fmspc", p -> p.entries.remove(".4")),
        of(missing.replace("%s", ".5"), p -> p.entries.remove(".5")),
        of("Fmspc length mismatch", p -> p.entries.put(".4", PckParts.octets("0000000000"))),
        of("Fmspc length mismatch", p -> p.entries.put(".4", PckParts.octets("00000000000000"))),
        of("CpuSvn length mismatch", p -> p.tcb.put(".2.18", PckParts.octets("00"))),
        of("CpuSvn length mismatch", p -> p.tcb.put(".2.18", new DEROctetString(new byte[17]))),
        of("PceSvn length mismatch", p -> p.tcb.put(".2.17", new ASN1Integer(0x8000))),
        of("PceSvn length mismatch", p -> p.tcb.put(".2.17", new ASN1Integer(-1))),
        of(
            "PceSvn length mismatch",
            p -> p.tcb.put(".2.17", new ASN1Integer(BigInteger.TWO.pow(64)))),
        of("Invalid SGX type", p -> p.entries.put(".5", new ASN1Enumerated(128))),
        of("BadDer", p -> p.entries.put(".1", DERNull.INSTANCE)),
        of("BadDer", p -> p.entries.put(".5", new ASN1Integer(1))),
        of("BadDer", p -> p.entries.put(".2", PckParts.octets("00"))));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("refusals")
  void refuses(String text, Consumer<PckParts> change) {
    PckParts parts = new PckParts();
    change.accept(parts);

    assertThatThrownBy(() -> read(parts)).isInstanceOf(RefusalException.class).hasMessage(text);
  }

  @ParameterizedTest
  @CsvSource({"0", "127", "128", "255", "256", "32767"})
  void readsEveryPceSvn(int svn) {
    PckParts parts = new PckParts();
    parts.tcb.put(".2.17", new ASN1Integer(svn));

    assertThat(read(parts).pceSvn()).isEqualTo(svn);
  }

  @Test
  void orderOfTheEntriesIsFree() {
    PckParts parts = new PckParts();
    parts.entries.put(".1", parts.entries.remove(".1"));

    assertThat(read(parts).ppid().hex()).isEqualTo("00112233445566778899aabbccddeeff");
  }

  @Test
  void entryThatStandsTwiceIsRefused() {
    ASN1EncodableVector entries = new ASN1EncodableVector();
    for (ASN1Encodable entry : ASN1Sequence.getInstance(Certs.asn1(new PckParts().der()))) {
      entries.add(entry);
    }
    entries.add(entries.get(0));
    Bytes twice = Certs.der(new DERSequence(entries));

    assertThatThrownBy(() -> PckExtension.of(certificate(twice)))
        .hasMessage("Intel extension path 1.2.840.113741.1.13.1.1 appears more than once");
  }

  @Test
  void extensionThatIsMissingOrThereTwiceIsRefused() {
    Bytes der = new PckParts().der();
    Certs twice =
        Certs.leaf("pck", "authority")
            .with(PckParts.OID, false, der)
            .with(PckParts.OID, false, der);

    assertThatThrownBy(() -> PckExtension.of(UnverifiedCertificate.parse(twice.der())))
        .hasMessage("extension 1.2.840.113741.1.13.1 appears more than once");
    assertThatThrownBy(
            () ->
                PckExtension.of(UnverifiedCertificate.parse(Certs.leaf("pck", "authority").der())))
        .hasMessage("Intel extension not found");
  }

  @ParameterizedTest
  @CsvSource({
    "Intel SGX PCK Processor CA, PROCESSOR",
    "Intel SGX PCK Platform CA, PLATFORM",
    "Processor Platform, PROCESSOR",
    "Somebody, PROCESSOR"
  })
  void namesTheAuthorityByTheIssuer(String issuer, PckCa expected) {
    assertThat(PckCa.ofIssuer(UnverifiedCertificate.parse(Certs.leaf("pck", issuer).der())))
        .isEqualTo(expected);
  }
}
