package dstack.kms.sim.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.evidence.AttestationFile;
import dstack.kms.attest.evidence.Evidence;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.evidence.TdxEvidence;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.attest.verify.VendorHardware;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.testing.TestPlatform;
import dstack.kms.sim.tpm.AkKind;
import dstack.kms.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real machines are told from simulated ones by whose root stands behind what they say. */
final class VendorHardwareTest {
  private static final VendorHardware VENDORS =
      new VendorHardware(SignatureVerifiers.named("auto"));

  @TempDir private static Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tdx/dstack_attestation_v0.bin",
        "tdx/dstack_attestation_v1.msgpack",
        "tdx/dstack_attestation_v0_gcp.bin",
        "platforms/os-image/tdx-lite-attestation.json",
        "platforms/nitro/dstack_v0_prod.bin",
        "platforms/snp/sev-snp-attestation.json",
      })
  void seesRealMachines(String vector) {
    assertThat(VENDORS.isBehind(real(vector))).isTrue();
  }

  private static Evidence real(String vector) {
    return AttestationFile.parse(Bytes.of(Vectors.bytes(vector))).evidence();
  }

  static Stream<GuestPlatform> platforms() {
    return Stream.of(
        new GuestPlatform.Tdx(),
        new GuestPlatform.GcpTdx(AkKind.ECC, false),
        new GuestPlatform.Nitro(),
        new GuestPlatform.NitroTpm(),
        new GuestPlatform.SevSnp(SnpProduct.MILAN, true),
        new GuestPlatform.SevSnp(SnpProduct.MILAN, false));
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void seesNoVendorBehindASimulatedMachine(GuestPlatform kind) {
    Bytes attestation =
        TestPlatform.in(folder).boot(SimulatedIdentity.on(kind)).attest(ReportData.ZERO);
    Evidence evidence = UnverifiedAttestation.decode(attestation).evidence();

    assertThat(VENDORS.isBehind(evidence)).isFalse();
  }

  /**
   * One bit of the signature under Intel's key, and the certificates of a real quote are nobody's.
   */
  @Test
  void goesByTheSignatureAndNotByTheNames() {
    TdxEvidence tdx = (TdxEvidence) real("tdx/dstack_attestation_v0.bin");
    String text = new String(tdx.quote().toArray(), StandardCharsets.ISO_8859_1);
    String unsigned = withoutSignatures(text);
    assertThat(unsigned).hasSameSizeAs(text).isNotEqualTo(text);
    Bytes quote = Bytes.of(unsigned.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(VENDORS.isBehind(new TdxEvidence(quote, List.of()))).isFalse();
    assertThat(VENDORS.isBehind(new TdxEvidence(tdx.quote(), List.of()))).isTrue();
  }

  /** The last bytes of a certificate are its signature; each block loses what stands there. */
  private static String withoutSignatures(String text) {
    String end = "-----END CERTIFICATE-----";
    StringBuilder changed = new StringBuilder(text);
    for (int at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) {
      int digit = at - 12;
      changed.setCharAt(digit, text.charAt(digit) == 'A' ? 'B' : 'A');
    }
    return changed.toString();
  }

  @Test
  void isNotToldByAReportThatBringsNoCertificates() {
    SevSnpEvidence snp = (SevSnpEvidence) real("platforms/snp/sev-snp-attestation.json");

    assertThat(VENDORS.isBehind(new SevSnpEvidence(snp.report(), List.of(), snp.mrConfig())))
        .isFalse();
  }
}
