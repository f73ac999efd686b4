package dstack.kms.attest.dcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.collateral.Collateral;
import dstack.kms.attest.collateral.CollateralRefusal;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.Crls;
import dstack.kms.attest.forged.World;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Specification 40 §3, T-05 and T-26 to T-32: what went wrong elsewhere. */
class KnownAttacksTest {
  private static final int SEPT_VE_DISABLE = 28;

  @Test
  void t05_unknownStatusIsRefused() {
    World world = new World().qeIdentity("\"OutOfDate\"", "\"OutOfDateSoWhat\"");

    assertThatThrownBy(() -> LadderTest.verify(world))
        .hasMessage("Failed to decode QeIdentity: unknown TCB status OutOfDateSoWhat");
  }

  @Test
  void t05_revokedIsRefusedAndEverythingElseIsReported() {
    for (TcbStatus status : TcbStatus.values()) {
      World world =
          new World().tcbInfo(World.LEVEL, World.LEVEL.replace("UpToDate", status.text()));
      if (status == TcbStatus.REVOKED) {
        assertThatThrownBy(() -> LadderTest.verify(world))
            .hasMessage("TCB status is invalid: Revoked");
      } else {
        assertThat(LadderTest.verify(world).status()).isEqualTo(status);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 15})
  void t26_otherQeVendorIsRefused(int index) {
    Bytes quote = RealData.xor(RealData.quoteA(), 12 + index, 0xff);

    assertThatThrownBy(
            () -> RealData.verifier().verify(quote, RealData.collateralA(), RealData.NOW_A))
        .hasMessage("Unknown QE vendor ID");
  }

  private static Stream<Arguments> chains() {
    World world = new World();
    String leaf = Certs.pem(world.pckDer());
    String authority = Certs.pem(world.pckCa.der());
    String root = Certs.pem(world.root.der());
    String chain = "Failed to verify certificate chain: ";
    return Stream.of(
        Arguments.of("", "Certificate chain is too short in quote"),
        Arguments.of("\0", "Certificate chain is too short in quote"),
        Arguments.of(leaf, chain + "UnknownIssuer"),
        Arguments.of(leaf + root, chain + "UnknownIssuer"),
        Arguments.of(authority + root, chain + "CaUsedAsEndEntity"),
        Arguments.of(root, chain + "CaUsedAsEndEntity"),
        Arguments.of(leaf + authority, ""),
        Arguments.of(leaf + authority + root, ""),
        Arguments.of(leaf + root + authority, ""),
        Arguments.of(leaf + authority + root + root, ""),
        Arguments.of(leaf + leaf + authority + root, ""));
  }

  @ParameterizedTest
  @MethodSource("chains")
  void t27_chainsOfEveryLengthEndInAVerdict(String chain, String refusal) {
    World world = new World();
    world.pckChain = Optional.of(chain);
    if (refusal.isEmpty()) {
      assertThat(LadderTest.verify(world).status()).isEqualTo(TcbStatus.UP_TO_DATE);
    } else {
      assertThatThrownBy(() -> LadderTest.verify(world)).hasMessage(refusal);
    }
  }

  @Test
  void t27_signersWithoutChainsAreRefused() {
    World world = new World();
    for (String chain : List.of("", Certs.pem(world.root.der()), Certs.pem(world.pckCa.der()))) {
      world.tcbInfoChain = Optional.of(chain);
      assertThatThrownBy(() -> LadderTest.verify(world)).isInstanceOf(RefusalException.class);
      world.tcbInfoChain = Optional.empty();
      world.qeIdentityChain = Optional.of(chain);
      assertThatThrownBy(() -> LadderTest.verify(world)).isInstanceOf(RefusalException.class);
      world.qeIdentityChain = Optional.empty();
    }
  }

  @Test
  void t28_emptyListsAllowNothing() {
    World noLevels = new World().tcbInfo(World.LEVEL, "");
    World noComponents = new World().tcbInfo(World.LEVEL_COMPONENTS, "[]");
    World noModuleLevels = new World().tcbInfo(World.MODULE_LEVELS, "[]");
    World noTdxComponents = new World().tcbInfo(World.TDX_COMPONENTS, "[]");

    assertThatThrownBy(() -> LadderTest.verify(noLevels)).hasMessage("No matching TCB level found");
    assertThatThrownBy(() -> LadderTest.verify(noComponents))
        .hasMessage("SGX component count mismatch: expected 16, got 0");
    assertThatThrownBy(() -> LadderTest.verify(noTdxComponents))
        .hasMessage("TDX component count mismatch: expected 16, got 0");
    assertThatThrownBy(() -> LadderTest.verify(noModuleLevels))
        .hasMessage(
            "TDX module identity check: TDX module ISVSVN 5 is below minimum required from TDX"
                + " module TCB levels");
  }

  static IntStream otherLengths() {
    return IntStream.rangeClosed(0, 40).filter(length -> length != 16);
  }

  @ParameterizedTest
  @MethodSource("otherLengths")
  void t28_componentListsOfAnyOtherLengthAreRefused(int length) {
    String zeros =
        "[" + String.join(",", java.util.Collections.nCopies(length, "{\"svn\":0}")) + "]";
    World sgx = new World().tcbInfo(World.LEVEL_COMPONENTS, zeros);
    World tdx = new World().tcbInfo(World.TDX_COMPONENTS, zeros);

    assertThatThrownBy(() -> LadderTest.verify(sgx))
        .hasMessage("SGX component count mismatch: expected 16, got " + length);
    assertThatThrownBy(() -> LadderTest.verify(tdx))
        .hasMessage("TDX component count mismatch: expected 16, got " + length);
  }

  @Test
  void t29_eachOfTheSixteenComponentsCounts() {
    for (int i = 2; i < 16; i++) {
      int index = i;
      String[] components = new String[16];
      java.util.Arrays.fill(components, "{\"svn\":0}");
      components[index] = "{\"svn\":4}";
      String raised = "[" + String.join(",", components) + "]";
      World below = new World().tcbInfo(World.TDX_COMPONENTS, raised).quote(q -> q.body[index] = 3);
      World reached =
          new World().tcbInfo(World.TDX_COMPONENTS, raised).quote(q -> q.body[index] = 4);

      assertThatThrownBy(() -> LadderTest.verify(below)).hasMessage("No matching TCB level found");
      assertThat(LadderTest.verify(reached).status()).isEqualTo(TcbStatus.UP_TO_DATE);
    }
  }

  @Test
  void t29_moduleVersionIsAComponentLikeTheOthers() {
    World world =
        new World()
            .tcbInfo(
                "\"tdxtcbcomponents\":[{\"svn\":5},{\"svn\":0}",
                "\"tdxtcbcomponents\":[{\"svn\":5},{\"svn\":2}");

    assertThatThrownBy(() -> LadderTest.verify(world)).hasMessage("No matching TCB level found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TDX_01", "TDX_03"})
  void t29_moduleIdentitiesAreFoundByTheirVersion(String id) {
    int version = Integer.parseInt(id.substring(4), 16);
    World world = new World().tcbInfo("TDX_01", id).quote(q -> q.body[1] = (byte) version);

    assertThat(LadderTest.verify(world).moduleVerdict().orElseThrow().status())
        .isEqualTo(TcbStatus.UP_TO_DATE);
  }

  @Test
  void t30_revokedPlatformAndRevokedAuthorityAreRefusedByDefault() {
    World leaf = new World();
    leaf.pckCrl.revoking(leaf.pck.serial);
    World authority = new World();
    authority.rootCrl.revoking(authority.pckCa.serial);

    for (World world : List.of(leaf, authority)) {
      assertThatThrownBy(() -> LadderTest.verify(world))
          .hasMessage("Failed to verify certificate chain: CertRevoked");
    }
  }

  @Test
  void t30_emptyListsOfRevocationsStillHaveToSpeakForTheIssuer() {
    World world = new World();
    Collateral both = world.collateral();
    Crls foreign = Crls.of("Somebody");
    Collateral without =
        new Collateral(
            both.pckCrlIssuerChain(),
            both.rootCaCrl(),
            foreign.der(),
            both.tcbInfoIssuerChain(),
            both.tcbInfo(),
            both.tcbInfoSignature(),
            both.qeIdentityIssuerChain(),
            both.qeIdentity(),
            both.qeIdentitySignature(),
            Optional.empty());
    QuoteVerifier verifier =
        new QuoteVerifier(TdxTrustAnchor.external(world.rootDer()), RealData.VERIFIER);

    assertThatThrownBy(() -> verifier.verify(world.quoteBytes(), without, World.NOW))
        .hasMessage("Failed to verify certificate chain: UnknownRevocationStatus");
  }

  @ParameterizedTest
  @ValueSource(strings = {"qe_identity", "qe_identity_signature", "qe_identity_issuer_chain"})
  void t31_missingQeIdentityIsRefused(String key) {
    ObjectNode json = RealData.collateralJson("tdx_quote_v4_a");
    json.remove(key);
    assertThatThrownBy(() -> Collateral.fromJson(json.toString()))
        .isInstanceOf(RefusalException.class)
        .extracting(refusal -> ((RefusalException) refusal).code())
        .isEqualTo(CollateralRefusal.MALFORMED);

    json.put(key, "");
    assertThatThrownBy(
            () ->
                RealData.verifier()
                    .verify(
                        RealData.quoteA(), Collateral.fromJson(json.toString()), RealData.NOW_A))
        .isInstanceOf(RefusalException.class);
  }

  static IntStream bits() {
    return IntStream.range(0, 64);
  }

  private static World withAttribute(int bit) {
    return new World().quote(q -> q.body[120 + bit / 8] |= (byte) (1 << bit % 8));
  }

  @ParameterizedTest
  @MethodSource("bits")
  void t32_everyAttributeBitIsDecidedOn(int bit) {
    switch (bit) {
      case 0 ->
          assertThatThrownBy(() -> LadderTest.verify(withAttribute(bit)))
              .hasMessage("Debug mode is enabled");
      case SEPT_VE_DISABLE, 30, 31 ->
          assertThat(LadderTest.verify(withAttribute(bit)).status())
              .isEqualTo(TcbStatus.UP_TO_DATE);
      default ->
          assertThatThrownBy(() -> LadderTest.verify(withAttribute(bit)))
              .hasMessage("Reserved bits in TD attributes are set");
    }
  }

  @Test
  void t32_debugBesideAReservedBitOfItsByteIsReserved() {
    World world = withAttribute(0).quote(q -> q.body[120] |= 2);

    assertThatThrownBy(() -> LadderTest.verify(world))
        .hasMessage("Reserved bits in TD attributes are set");
  }

  static IntStream serviceTdBytes() {
    return IntStream.range(600, 648);
  }

  @ParameterizedTest
  @MethodSource("serviceTdBytes")
  void t32_serviceDomainIsRefusedBeforeTheAttributes(int offset) {
    World world =
        new World().quote(q -> q.td15()).quote(q -> q.body[offset] = 1).quote(q -> q.body[120] = 1);

    assertThatThrownBy(() -> LadderTest.verify(world)).hasMessage("Invalid MR service TD");
  }

  @Test
  void t32_realDebugDomainHasTheBit() {
    UnverifiedQuote quote = UnverifiedQuote.parse(RealData.quote("tdx_quote_v4_debug.bin"));

    assertThatThrownBy(() -> AttributeRules.require(quote.report()))
        .hasMessage("Debug mode is enabled");
  }
}
