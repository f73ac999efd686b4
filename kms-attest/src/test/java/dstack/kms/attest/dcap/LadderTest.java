package dstack.kms.attest.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.PckParts;
import dstack.kms.attest.forged.Quotes;
import dstack.kms.attest.forged.World;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Integer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Specification 11 §6: every refusal of every step, in a world that is wrong in one place. */
class LadderTest {
  static VerifiedQuote verify(World world) {
    return new QuoteVerifier(TdxTrustAnchor.external(world.rootDer()), RealData.VERIFIER)
        .verify(world.quoteBytes(), world.collateral(), World.NOW);
  }

  private static Arguments of(String text, Consumer<World> change) {
    return Arguments.of(text, change);
  }

  static List<Arguments> refusals() {
    return List.of(
        // Step 2
        of("BadDer", w -> w.rootCrl.entries.add(new ASN1Integer(1))),
        of("UnsupportedCrlVersion", w -> w.pckCrl.version = 0),
        of("UnknownRevocationStatus", w -> w.rootCrl.issuer = "Somebody"),
        of("InvalidCrlSignatureForPublicKey", w -> w.rootCrl.badSignature = true),
        of("InvalidCrlSignatureForPublicKey", w -> w.rootCrl.key = "somebody"),
        of("CrlExpired", w -> w.rootCrl.nextUpdate = World.NOW),
        of("CrlNotValidYet", w -> w.rootCrl.thisUpdate = World.NOW.plusSeconds(1)),
        of("CertRevoked", w -> w.rootCrl.revoking(w.root.serial)),
        // Step 3
        of("Failed to decode quote: Unsupported quote version", w -> w.quote(q -> q.version = 6)),
        of("Failed to decode quote: Invalid TEE type", w -> w.quote(q -> q.teeType = 1)),
        of(
            "Failed to decode quote: Invalid TEE type",
            w -> w.quote(q -> q.sgx()).quote(q -> q.teeType = 0x81)),
        of(
            "Failed to decode quote: Unsupported body type",
            w -> w.quote(q -> q.td15()).quote(q -> q.bodyType = 4)),
        of(
            "Failed to decode quote: Invalid body size",
            w -> w.quote(q -> q.td15()).quote(q -> q.bodySize = 584)),
        of(
            "Failed to decode quote: Unsupported outer certification data type: 5",
            w -> w.quote(q -> q.outerType = 5)),
        // Step 4
        of("Unknown QE vendor ID", w -> w.quote(q -> q.vendor = Bytes.zeros(16))),
        of(
            "Unsupported TEE type: 4294967295",
            w -> w.quote(q -> q.td15()).quote(q -> q.teeType = 0xffff_ffffL)),
        of(
            "SGX TEE quote must have version 3",
            w -> w.quote(q -> q.sgx()).quote(q -> q.version = 4)),
        of(
            "SGX TEE quote must have version 3",
            w -> w.quote(q -> q.td15()).quote(q -> q.teeType = 0)),
        of("Unsupported DCAP attestation key type", w -> w.quote(q -> q.keyType = 3)),
        // Step 5
        of(
            "Failed to decode TcbInfo: unknown TCB status Fine",
            w -> w.tcbInfo("\"UpToDate\"", "\"Fine\"")),
        of("Failed to parse TCB Info issue date", w -> w.tcbInfo("2027-01-10T", "2027-01-10 ")),
        of("Failed to parse TCB Info next update", w -> w.tcbInfo("2027-02-09T", "2027-02-31T")),
        of(
            "TCBInfo issue date is in the future",
            w -> w.tcbInfo("2027-01-10T00:00:00Z", "2027-01-15T08:00:01Z")),
        of("TCBInfo expired", w -> w.tcbInfo("2027-02-09T00:00:00Z", "2027-01-15T07:59:59Z")),
        of("Certificate chain is too short for TCB Info", w -> w.tcbInfoChain = Optional.of("")),
        of(
            "Failed to parse TCB Info leaf certificate: UnsupportedCertVersion",
            w -> w.signer.version = 1),
        of(
            "Failed to verify certificate chain: CertRevoked",
            w -> w.rootCrl.revoking(w.signer.serial)),
        of("Invalid key length", w -> w.tcbInfoSignature = Optional.of(Bytes.zeros(31))),
        of(
            "Signature is invalid for tcb_info in quote_collateral",
            w -> w.tcbInfoSignature = Optional.of(Bytes.zeros(64))),
        of(
            "Signature is invalid for tcb_info in quote_collateral",
            w ->
                w.tcbInfoSignature =
                    Optional.of(Bytes.concat(World.sign(w.tcbInfo), Bytes.zeros(1)))),
        of(
            "Signature is invalid for tcb_info in quote_collateral",
            w -> w.tcbInfoSignature = Optional.of(World.sign(w.qeIdentity))),
        // Step 7
        of(
            "Failed to decode QeIdentity: mrsigner is not 32 bytes in hex",
            w -> w.qeIdentity("\"mrsigner\":\"44", "\"mrsigner\":\"")),
        of("Failed to parse QE Identity issue date", w -> w.qeIdentity("2027-01-11T", "now")),
        of("Failed to parse QE Identity next update", w -> w.qeIdentity("2027-02-10T", "then")),
        of(
            "QE Identity issue date is in the future",
            w -> w.qeIdentity("2027-01-11T00:00:00Z", "2027-01-15T08:00:01Z")),
        of(
            "QE Identity expired",
            w -> w.qeIdentity("2027-02-10T00:00:00Z", "2027-01-15T07:59:59Z")),
        of(
            "Certificate chain is too short for QE Identity",
            w -> w.qeIdentityChain = Optional.of("")),
        of(
            "Failed to parse QE Identity leaf certificate: UnsupportedCertVersion",
            w -> w.qeSigner.version = 0),
        of("Invalid key length", w -> w.qeIdentitySignature = Optional.of(Bytes.EMPTY)),
        of(
            "Signature is invalid for qe_identity in quote_collateral",
            w -> w.qeIdentitySignature = Optional.of(World.sign(w.tcbInfo))),
        of(
            "Unsupported QE Identity id/version for the quote TEE type: QE version 2 (expected"
                + " TD_QE version [2, 3])",
            w -> w.qeIdentity("\"TD_QE\"", "\"QE\"")),
        of(
            "Unsupported QE Identity id/version for the quote TEE type: TD_QE version 4 (expected"
                + " TD_QE version [2, 3])",
            w -> w.qeIdentity("\"version\":2", "\"version\":4")),
        of(
            "Unsupported QE Identity id/version for the quote TEE type: QE version 3 (expected QE"
                + " version [2])",
            w -> w.sgx().qeIdentity("\"version\":2", "\"version\":3")),
        // Step 8
        of(
            "Unsupported DCAP PCK cert format: 3. The collateral must carry the PCK chain.",
            w -> w.quote(q -> q.innerType = 3)),
        of("Certificate chain is too short in quote", w -> w.pckChain = Optional.of("\0")),
        of(
            "Failed to extract PCK certificates from quote: Failed to parse certs",
            w -> w.pckChain = Optional.of(w.pckChain() + "garbage")),
        of(
            "Failed to extract PCK certificates from collateral: Failed to parse certs",
            w -> w.collateralPckChain = Optional.of("-----BEGIN CERTIFICATE-----")),
        of(
            "Failed to parse PCK certificate: BadDer",
            w -> w.pckChain = Optional.of(Certs.pem(Bytes.fromHex("3000")))),
        of(
            "Failed to verify certificate chain: UnknownIssuer",
            w -> w.pckChain = Optional.of(Certs.pem(w.pckDer()))),
        of(
            "Failed to verify certificate chain: UnknownRevocationStatus",
            w -> w.pckCrl.issuer = World.ROOT),
        of("Intel extension not found", w -> w.pckParts.entries.clear()),
        of(
            "extension 1.2.840.113741.1.13.1 appears more than once",
            w ->
                w.pck
                    .with(PckParts.OID, false, w.pckParts.der())
                    .with(PckParts.OID, false, w.pckParts.der())),
        // Step 9
        of(
            "Signature is invalid for qe_report in quote",
            w -> w.quote(q -> q.pckKey = "another platform")),
        // Step 10
        of("Invalid QE auth data length", w -> w.quote(q -> q.authData = Bytes.zeros(31))),
        of("Invalid QE auth data length", w -> w.quote(q -> q.authData = Bytes.zeros(33))),
        of("QE report hash mismatch", w -> w.quote(q -> q.keepQeReportData = true)),
        // Step 11
        of(
            "QE MRSIGNER mismatch: expected " + "44".repeat(32) + ", got 00" + "44".repeat(31),
            w -> w.quote(q -> q.qeReport[128] = 0)),
        of(
            "QE report validation failed: Debug mode is enabled",
            w -> w.quote(q -> q.qeReport[48] = 0x13)),
        of("QE ISVPRODID mismatch: expected 2, got 1", w -> w.quote(q -> q.qeReport[256] = 1)),
        of(
            "QE MISCSELECT mismatch: expected 00000000 (masked), got 80000001 (masked)",
            w ->
                w.quote(
                    q -> {
                      q.qeReport[16] = 1;
                      q.qeReport[19] = (byte) 0x80;
                    })),
        of(
            "QE ATTRIBUTES mismatch at byte 0: expected 11 (masked), got 01 (masked)",
            w -> w.quote(q -> q.qeReport[48] = 0x01)),
        of(
            "QE ATTRIBUTES mismatch at byte 7: expected 00 (masked), got FF (masked)",
            w -> w.quote(q -> q.qeReport[55] = (byte) 0xff)),
        of(
            "QE ISVSVN 3 is below minimum required 4 from QE Identity",
            w -> w.quote(q -> q.qeReport[258] = 3)),
        of(
            "No TCB levels found in QE Identity",
            w -> w.qeIdentity = w.qeIdentity.replaceAll("\"tcbLevels\".*", "\"tcbLevels\":[]}")),
        // Step 12
        of(
            "ISV enclave report signature is invalid",
            w -> w.quote(q -> q.signingKey = "another enclave")),
        // Step 13
        of("Failed to decode TCB FMSPC", w -> w.tcbInfo("00906ED50000", "00906ED5000")),
        of("Fmspc mismatch", w -> w.tcbInfo("00906ED50000", "00906ED50001")),
        of("Fmspc mismatch", w -> w.tcbInfo("00906ED50000", "")),
        of(
            "TDX quote with non-TDX TCB info in the collateral",
            w -> w.tcbInfo("\"id\":\"TDX\"", "\"id\":\"SGX\"")),
        of(
            "TDX quote with non-TDX TCB info in the collateral",
            w -> w.tcbInfo("\"version\":3", "\"version\":2")),
        of(
            "SGX quote with non-SGX TCB info in the collateral",
            w -> w.sgx().tcbInfo("\"id\":\"SGX\"", "\"id\":\"TDX\"")),
        of(
            "SGX quote with non-SGX TCB info in the collateral",
            w -> w.sgx().tcbInfo("\"version\":3", "\"version\":1")),
        of("PceId mismatch", w -> w.tcbInfo("\"pceId\":\"0000\"", "\"pceId\":\"0001\"")),
        of("Unsupported TCB type: 1", w -> w.tcbInfo("\"tcbType\":0", "\"tcbType\":1")),
        of(
            "SGX component count mismatch: expected 16, got 15",
            w -> w.tcbInfo("[{\"svn\":5},{\"svn\":5},", "[{\"svn\":5},")),
        of(
            "TDX component count mismatch: expected 16, got 17",
            w -> w.tcbInfo("[{\"svn\":5},{\"svn\":0},", "[{\"svn\":5},{\"svn\":0},{\"svn\":0},")),
        of(
            "TDX component count mismatch: expected 16, got 0",
            w -> w.tcbInfo(",\"tdxtcbcomponents\":" + World.TDX_COMPONENTS, "")),
        of("No matching TCB level found", w -> w.tcbInfo("\"pcesvn\":11", "\"pcesvn\":12")),
        of("No matching TCB level found", w -> w.pck(".2.17", new ASN1Integer(10))),
        of(
            "No matching TCB level found",
            w -> w.pck(".2.18", PckParts.octets("05050202030101020000000000000000"))),
        of("No matching TCB level found", w -> w.quote(q -> q.body[2] = 2)),
        of("No matching TCB level found", w -> w.tcbInfo(World.LEVEL, "")),
        // Step 14
        of(
            "TDX module identity check: TDX TCB Info is missing tdxModule field",
            w -> w.tcbInfo("\"tdxModule\":", "\"noModule\":")),
        of(
            "TDX module identity check: No TDX module identity with id TDX_0A found in TCB Info",
            w -> w.quote(q -> q.body[1] = 10)),
        of(
            "TDX module identity check: Failed to decode tdxModule.attributes as hex",
            w -> w.tcbInfo = w.tcbInfo.replaceFirst("\"attributes\":\"00", "\"attributes\":\"0x")),
        of(
            "TDX module identity check: tdxModule.mrsigner has invalid length 47, expected 48",
            w -> w.tcbInfo = w.tcbInfo.replaceFirst("\"mrsigner\":\"00", "\"mrsigner\":\"")),
        of(
            "TDX module identity check: TDX module MRSIGNER mismatch: expected "
                + "00".repeat(48)
                + ", got 01"
                + "00".repeat(47),
            w -> w.quote(q -> q.body[64] = 1)),
        of(
            "TDX module identity check: TDX module SEAMATTRIBUTES mismatch at byte 3: expected 00"
                + " (masked), got 80 (masked)",
            w -> w.quote(q -> q.body[115] = (byte) 0x80)),
        of(
            "TDX module identity check: TDX module SEAMATTRIBUTES has bits set outside mask at byte"
                + " 0",
            w ->
                w.tcbInfo("\"attributesMask\":\"FF", "\"attributesMask\":\"00")
                    .quote(q -> q.body[112] = 1)),
        of(
            "TDX module identity check: TDX module ISVSVN 2 is below minimum required from TDX"
                + " module TCB levels",
            w ->
                w.tcbInfo("\"tdxtcbcomponents\":[{\"svn\":5}", "\"tdxtcbcomponents\":[{\"svn\":2}")
                    .quote(q -> q.body[0] = 2)),
        // Step 16
        of(
            "TCB status is invalid: Revoked",
            w -> w.tcbInfo(World.LEVEL, World.LEVEL.replace("UpToDate", "Revoked"))),
        of(
            "TCB status is invalid: Revoked",
            w ->
                w.tcbInfo(World.MODULE_LEVELS, World.MODULE_LEVELS.replace("UpToDate", "Revoked"))),
        of("TCB status is invalid: Revoked", w -> w.qeIdentity("\"UpToDate\"", "\"Revoked\"")),
        // Step 17
        of("Invalid MR service TD", w -> w.quote(q -> q.td15()).quote(q -> q.body[647] = 1)),
        of("SEPT_VE_DISABLE is not enabled", w -> w.quote(q -> q.body[123] = 0)),
        of("Debug mode is enabled", w -> w.sgx().quote(q -> q.body[48] = 0x02)));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("refusals")
  void refusesWithTheTextOfTheStep(String text, Consumer<World> change) {
    World world = new World();
    change.accept(world);

    assertThatThrownBy(() -> verify(world)).isInstanceOf(RefusalException.class).hasMessage(text);
  }

  @Test
  void acceptsTheWorldAsItIs() {
    VerifiedQuote verified = verify(new World());

    assertThat(verified.status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verified.advisoryIds()).isEmpty();
    assertThat(verified.tcbEvaluationDataNumber()).isEqualTo(21);
  }

  @Test
  void acceptsAnSgxQuoteOfVersion3() {
    VerifiedQuote verified = verify(new World().sgx());

    assertThat(verified.status()).isEqualTo(TcbStatus.SW_HARDENING_NEEDED);
    assertThat(verified.advisoryIds()).containsExactly("INTEL-SA-00615");
    assertThat(verified.moduleVerdict()).isEmpty();
  }

  @Test
  void acceptsQuotesOfVersion5() {
    assertThat(verify(new World().quote(q -> q.td15())).status()).isEqualTo(TcbStatus.UP_TO_DATE);
    assertThat(verify(new World().quote(q -> q.version = 5)).status())
        .isEqualTo(TcbStatus.UP_TO_DATE);
  }

  @Test
  void refusesAVersion5QuoteThatCallsAnEnclaveATrustDomain() {
    World world =
        new World()
            .quote(
                q -> {
                  q.version = 5;
                  q.bodyType = 1;
                  q.bodySize = 384;
                  q.body = Arrays.copyOf(q.body, 384);
                });

    assertThatThrownBy(() -> verify(world)).hasMessage("Failed to decode quote: Invalid TEE type");
  }

  @Test
  void mergesModuleAndQuotingEnclaveIntoTheStatus() {
    World world =
        new World()
            .tcbInfo("\"tdxtcbcomponents\":[{\"svn\":5}", "\"tdxtcbcomponents\":[{\"svn\":3}")
            .tcbInfo(
                "\"UpToDate\"}]}",
                "\"ConfigurationNeeded\",\"advisoryIDs\":[\"INTEL-SA-00001\",\"INTEL-SA-00001\"]}]}")
            .quote(q -> q.body[0] = 3)
            .quote(q -> q.qeReport[258] = 4);
    VerifiedQuote verified = verify(world);

    assertThat(verified.platformLevelVerdict().status()).isEqualTo(TcbStatus.CONFIGURATION_NEEDED);
    assertThat(verified.moduleVerdict().orElseThrow().status()).isEqualTo(TcbStatus.OUT_OF_DATE);
    assertThat(verified.qeVerdict().advisoryIds()).containsExactly("INTEL-SA-00007");
    assertThat(verified.platformVerdict().status()).isEqualTo(TcbStatus.OUT_OF_DATE);
    assertThat(verified.status()).isEqualTo(TcbStatus.OUT_OF_DATE);
    assertThat(verified.convergedStatus()).isEqualTo(TcbStatus.OUT_OF_DATE_CONFIGURATION_NEEDED);
    assertThat(verified.advisoryIds())
        .containsExactly("INTEL-SA-00001", "INTEL-SA-00001", "INTEL-SA-00003", "INTEL-SA-00007");
  }

  @Test
  void baseModuleValuesGiveNoVerdict() {
    World world = new World().quote(q -> q.body[1] = 0).tcbInfo("TDX_01", "TDX_03");

    assertThat(verify(world).moduleVerdict()).isEmpty();
  }

  @Test
  void findsModuleIdentitiesWhateverTheirCase() {
    World world = new World().quote(q -> q.body[1] = 10).tcbInfo("TDX_01", "tdx_0a");

    assertThat(verify(world).moduleVerdict()).isPresent();
  }

  @Test
  void sortsLevelsAsUnsignedNumbers() {
    String high =
        World.LEVEL
            .replace("{\"svn\":1},{\"svn\":1}", "{\"svn\":255},{\"svn\":1}")
            .replace("UpToDate", "OutOfDate");
    World world =
        new World()
            .tcbInfo(World.LEVEL, World.LEVEL + "," + high)
            .pck(".2.18", PckParts.octets("0505020203ff01030000000000000000"));

    assertThat(verify(world).status()).isEqualTo(TcbStatus.OUT_OF_DATE);
  }

  @Test
  void triesLevelsWithHigherPceSvnAndTdxComponentsFirst() {
    String pce =
        World.LEVEL.replace("\"pcesvn\":11", "\"pcesvn\":10").replace("UpToDate", "OutOfDate");
    String tdx =
        World.LEVEL
            .replace("{\"svn\":0},{\"svn\":3}", "{\"svn\":0},{\"svn\":2}")
            .replace("UpToDate", "OutOfDate");
    World world = new World().tcbInfo(World.LEVEL, pce + "," + tdx + "," + World.LEVEL);

    assertThat(verify(world).platformLevelVerdict().status()).isEqualTo(TcbStatus.UP_TO_DATE);
  }

  @Test
  void refusesAnAttestationKeyThatIsNoPoint() {
    World world = new World();
    Bytes quote = world.quoteBytes();
    // The hash in the QE report is of the key as it stands, so forge both: only the point is wrong.
    byte[] forged = quote.toArray();
    Arrays.fill(forged, 700, 764, (byte) 0xff);
    Collateral collateral = world.collateral();
    QuoteVerifier verifier =
        new QuoteVerifier(TdxTrustAnchor.external(world.rootDer()), new AlwaysTrue());

    assertThatThrownBy(() -> verifier.verify(Bytes.of(forged), collateral, World.NOW))
        .hasMessage("QE report hash mismatch");
    byte[] hash =
        dstack.kms.core.bytes.Digests.sha256(
                Bytes.of(forged).slice(700, 764), Bytes.of(forged).slice(1220, 1252))
            .toArray();
    System.arraycopy(hash, 0, forged, 770 + 320, 32);
    assertThatThrownBy(() -> verifier.verify(Bytes.of(forged), collateral, World.NOW))
        .hasMessage("ISV enclave report signature is invalid");
  }

  /** Accepts everything, to show what is refused without any signature. */
  private record AlwaysTrue() implements dstack.kms.core.crypto.SignatureVerifier {
    @Override
    public String name() {
      return "always true";
    }

    @Override
    public boolean verifiesP256Sha256(
        dstack.kms.core.crypto.P256PublicKey key,
        Bytes message,
        dstack.kms.core.crypto.EcdsaSignature signature) {
      return true;
    }

    @Override
    public boolean verifiesP384Sha384(
        dstack.kms.core.crypto.P384PublicKey key,
        Bytes message,
        dstack.kms.core.crypto.EcdsaSignature384 signature) {
      return true;
    }

    @Override
    public boolean verifiesRsa(
        dstack.kms.core.crypto.RsaScheme scheme,
        dstack.kms.core.crypto.RsaPublicKey key,
        Bytes message,
        Bytes signature) {
      return true;
    }
  }

  @Test
  void acceptsWhateverFollowsTheSignatureData() {
    for (Bytes padding : List.of(Bytes.EMPTY, Bytes.utf8("unsigned"), Bytes.zeros(8000))) {
      Consumer<Quotes> change = q -> q.padding = padding;
      assertThat(verify(new World().quote(change)).status()).isEqualTo(TcbStatus.UP_TO_DATE);
    }
  }
}
