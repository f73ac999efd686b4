package dstack.kms.sim.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.attest.evidence.GcpTdxEvidence;
import dstack.kms.attest.evidence.NitroEnclaveEvidence;
import dstack.kms.attest.evidence.NitroTpmEvidence;
import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.evidence.TpmQuote;
import dstack.kms.attest.evidence.UnverifiedAttestation;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.bytes.Digests;
import dstack.kms.core.cbor.CborMap;
import dstack.kms.core.cbor.CborReader;
import dstack.kms.core.cbor.CborValue;
import dstack.kms.sim.container.ContainerVersion;
import dstack.kms.sim.nitro.NitroAuthority;
import dstack.kms.sim.snp.SnpAuthority;
import dstack.kms.sim.snp.SnpProduct;
import dstack.kms.sim.testing.TestPlatform;
import dstack.kms.sim.testing.VendorTools;
import dstack.kms.sim.tpm.AkKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The evidence of every platform but TDX, judged by openssl and by the specification's numbers. */
final class MakersEvidenceTest {
  @TempDir private static Path folder;
  private static SimulatedPlatform platform;
  private static VendorTools tools;

  @BeforeAll
  static void open() {
    platform = TestPlatform.in(folder);
    tools = new VendorTools(folder);
  }

  static Stream<GuestPlatform> platforms() {
    return Stream.of(
        new GuestPlatform.Tdx(),
        new GuestPlatform.GcpTdx(AkKind.ECC, false),
        new GuestPlatform.GcpTdx(AkKind.RSA, true),
        new GuestPlatform.Nitro(),
        new GuestPlatform.NitroTpm(),
        new GuestPlatform.SevSnp(SnpProduct.MILAN, true),
        new GuestPlatform.SevSnp(SnpProduct.MILAN, false));
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void bothContainersAreReadAndSayTheSame(GuestPlatform kind) {
    for (ContainerVersion version : ContainerVersion.values()) {
      SimulatedIdentity identity = SimulatedIdentity.on(kind).change().container(version).done();
      Bytes bytes = platform.attest(identity, TestPlatform.REPORT_DATA);
      UnverifiedAttestation read = UnverifiedAttestation.decode(bytes);
      assertThat(read.reportData()).isEqualTo(TestPlatform.REPORT_DATA);
      assertThat(read.encode()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void guestSaysWhereItsImageHashComesFrom(GuestPlatform kind) {
    SimulatedGuest guest = platform.boot(SimulatedIdentity.on(kind));
    assertThat(guest.vmConfig()).contains(guest.facts().osImageHash().hex());
    assertThat(guest.facts().osImageHash().length()).isEqualTo(32);
    assertThat(guest.facts().deviceId().length()).isEqualTo(32);
    assertThat(guest.facts().mrAggregated().length()).isEqualTo(32);
  }

  @Test
  void enclaveDocumentIsSignedByAChainOfFiveUnderItsRoot() throws IOException {
    UnverifiedAttestation read = attest(new GuestPlatform.Nitro());
    NitroEnclaveEvidence evidence = (NitroEnclaveEvidence) read.evidence();
    CborMap payload = assertSigned(evidence.nsmQuote(), platform.nitro());
    CborMap registers = payload.require("pcrs").asMap("pcrs");
    assertThat(registers.entries()).hasSize(16);
    Bytes image =
        Digests.sha256(register(registers, 0), register(registers, 1), register(registers, 2));
    assertThat(read.config()).isEqualTo("{\"os_image_hash\":\"" + image.hex() + "\"}");
    assertThat(payload.require("user_data").asBytes("user_data"))
        .isEqualTo(TestPlatform.REPORT_DATA.value());
    assertThat(evidence.nsmQuote().hex()).startsWith("8444a1013822a059");
  }

  @Test
  void nitroTpmDocumentShowsTheRuntimeEventsInRegister14() throws IOException {
    UnverifiedAttestation read = attest(new GuestPlatform.NitroTpm());
    NitroTpmEvidence evidence = (NitroTpmEvidence) read.evidence();
    CborMap payload = assertSigned(evidence.attestationDoc(), platform.nitroTpm());
    CborMap registers = payload.require("nitrotpm_pcrs").asMap("nitrotpm_pcrs");
    assertThat(registers.entries()).hasSize(24);
    Bytes replayed = Bytes.zeros(48);
    for (var event : read.runtimeEvents().events()) {
      Bytes preimage =
          Bytes.concat(
              Bytes.fromHex("01000008"), Bytes.utf8(":" + event.name() + ":"), event.payload());
      replayed = Digests.sha384(replayed, Digests.sha384(preimage));
    }
    assertThat(register(registers, 14)).isEqualTo(replayed);
    assertThat(register(registers, 8)).isNotEqualTo(Bytes.zeros(48));
  }

  private static CborMap assertSigned(Bytes document, NitroAuthority maker) throws IOException {
    List<CborValue> cose = CborReader.readAll(document).asArray("COSE");
    Bytes payload = cose.get(2).asBytes("payload");
    CborMap read = CborReader.readAll(payload).asMap("payload");
    Bytes leaf = read.require("certificate").asBytes("certificate");
    List<Bytes> bundle =
        read.require("cabundle").asArray("cabundle").stream()
            .map(each -> each.asBytes("certificate"))
            .toList();
    assertThat(bundle).hasSize(4).first().isEqualTo(maker.folder().root().der());
    assertThat(tools.chain(bundle.getFirst(), bundle.subList(1, 4), leaf).output())
        .contains(": OK");
    Bytes signed =
        Bytes.concat(
            Bytes.fromHex("846a5369676e61747572653144a101382240"),
            Bytes.fromHex("59"),
            Bytes.of(ByteBuffer.allocate(2).putShort((short) payload.length()).array()),
            payload);
    Bytes signature = cose.get(3).asBytes("signature");
    assertThat(signature.length()).isEqualTo(96);
    assertThat(tools.signature("sha384", leaf, signed, der(signature)).output())
        .contains("Verified OK");
    return read;
  }

  private static Bytes register(CborMap registers, int index) {
    return registers.get(index).orElseThrow().asBytes("register");
  }

  @ParameterizedTest
  @EnumSource
  void tpmQuoteIsSignedByAKeyUnderItsRootAndBoundToTheTdxQuote(AkKind kind) throws IOException {
    UnverifiedAttestation read = attest(new GuestPlatform.GcpTdx(kind, false));
    GcpTdxEvidence evidence = (GcpTdxEvidence) read.evidence();
    assertThat(evidence.quote().length()).isEqualTo(8000);
    TpmQuote quote = evidence.tpmQuote();
    Bytes intermediate = platform.tpm().intermediate(platform.documents()).der();
    assertThat(
            tools
                .chain(platform.tpm().folder().root().der(), List.of(intermediate), quote.akCert())
                .output())
        .contains(": OK");
    Bytes parameters = quote.signature();
    int length = parameters.at(4) << 8 | parameters.at(5);
    Bytes signature =
        kind == AkKind.RSA
            ? parameters.slice(6, 6 + length)
            : der(Bytes.concat(parameters.slice(6, 38), parameters.slice(40, 72)));
    assertThat(tools.signature("sha256", quote.akCert(), quote.message(), signature).output())
        .contains("Verified OK");
    assertThat(quote.message().hex())
        .contains("0020" + Digests.sha256(evidence.quote()).hex())
        .contains("00000001000b03054000");
    assertThat(quote.pcrValues().getFirst().value().hex())
        .isEqualTo("0cca9ec161b09288802e5a112255d21340ed5b797f5fe29cecccfd8f67b9f802");
  }

  @ParameterizedTest
  @EnumSource
  void snpReportIsSignedByAChipUnderItsRoot(SnpProduct product) throws IOException {
    SevSnpEvidence evidence =
        (SevSnpEvidence) attest(new GuestPlatform.SevSnp(product, true)).evidence();
    SnpAuthority maker = platform.snp(product);
    Bytes vcek = evidence.certChain().get(1);
    assertThat(
            tools.chain(maker.ark().der(), List.of(evidence.certChain().getFirst()), vcek).output())
        .contains(": OK");
    Bytes report = evidence.report();
    assertThat(report.length()).isEqualTo(1184);
    Bytes signature =
        Bytes.concat(reversed(report.slice(0x2a0, 0x2d0)), reversed(report.slice(0x2e8, 0x318)));
    assertThat(tools.signature("sha384", vcek, report.slice(0, 0x2a0), der(signature)).output())
        .contains("Verified OK");
    assertThat(report.slice(0x0c0, 0x0e0))
        .isEqualTo(Digests.sha256(Bytes.utf8("dstack-mr-config-v3:\0" + evidence.mrConfig())));
  }

  private static UnverifiedAttestation attest(GuestPlatform kind) {
    return UnverifiedAttestation.decode(
        platform.attest(SimulatedIdentity.on(kind), TestPlatform.REPORT_DATA));
  }

  private static Bytes der(Bytes scalars) throws IOException {
    int half = scalars.length() / 2;
    return Bytes.of(
        new DERSequence(
                new ASN1Integer[] {
                  new ASN1Integer(new BigInteger(1, scalars.slice(0, half).toArray())),
                  new ASN1Integer(new BigInteger(1, scalars.slice(half, 2 * half).toArray()))
                })
            .getEncoded());
  }

  private static Bytes reversed(Bytes value) {
    byte[] reversed = value.toArray();
    for (int i = 0; i < reversed.length; i++) {
      reversed[i] = (byte) value.at(reversed.length - 1 - i);
    }
    return Bytes.of(reversed);
  }
}
