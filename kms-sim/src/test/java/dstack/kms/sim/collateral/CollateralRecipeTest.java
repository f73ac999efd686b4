package dstack.kms.sim.collateral;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.EcdsaSignature;
import dstack.kms.sim.pki.CertifiedKey;
import dstack.kms.sim.pki.PckAuthority;
import dstack.kms.sim.pki.SimulatedPki;
import dstack.kms.sim.testing.Openssl;
import dstack.kms.sim.testing.Program;
import dstack.kms.testkit.Vectors;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class CollateralRecipeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.7Z");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;
  private SimulatedPki pki;

  @BeforeEach
  void openPki() {
    pki = SimulatedPki.open(folder.resolve("sim"), InstantSource.fixed(NOW), new SecureRandom());
  }

  @ParameterizedTest
  @EnumSource
  void opensslVerifiesBothTextsWithTheSignersKey(TeeKind kind) {
    SimulatedCollateral collateral = recipe(kind).make();
    Openssl openssl = new Openssl(folder);
    for (SignedText signed : List.of(collateral.tcbInfo(), collateral.qeIdentity())) {
      Bytes text = Bytes.utf8(signed.text());
      assertThat(openssl.verifies(signerKey(), text, signed.signature())).isTrue();
      Bytes changed = Bytes.utf8(signed.text().replace("UpToDate", "UpToDato"));
      assertThat(openssl.verifies(signerKey(), changed, signed.signature())).isFalse();
    }
  }

  @Test
  void opensslVerifiesTheSignersChainAgainstTheRootCrl() {
    SimulatedCollateral collateral = recipe(TeeKind.TDX).make();
    assertThat(verifySigner(collateral).output()).contains("OK");
  }

  @Test
  void opensslRefusesTheSignerOnceTheRootRevokesIt() {
    Program verdict = verifySigner(recipe(TeeKind.TDX).revokedByRoot(pki.tcbSigner()).make());
    assertThat(verdict.status()).isNotZero();
    assertThat(verdict.output()).contains("certificate revoked");
  }

  @Test
  void opensslRefusesAnExpiredRootCrl() {
    Program verdict =
        verifySigner(recipe(TeeKind.TDX).rootCrlValidity(Validity.endedBefore(NOW)).make());
    assertThat(verdict.output()).contains("CRL has expired");
  }

  @Test
  void opensslRefusesARootCrlSignedByAnotherKey() {
    Program verdict = verifySigner(recipe(TeeKind.TDX).rootCrlSigner(pki.freshKey()).make());
    assertThat(verdict.output()).contains("CRL signature failure");
  }

  @Test
  void tcbInfoHasTheKeysOfIntelsInTheSameOrder() {
    JsonNode real = JSON.readTree(real().get("tcb_info").stringValue());
    JsonNode ours = JSON.readTree(recipe(TeeKind.TDX).make().tcbInfo().text());
    assertThat(ours.propertyNames()).containsExactlyElementsOf(real.propertyNames());
    assertThat(ours.at("/tdxModuleIdentities/0").propertyNames())
        .containsExactlyElementsOf(real.at("/tdxModuleIdentities/0").propertyNames());
    assertThat(ours.at("/tcbLevels/0").propertyNames())
        .containsExactlyElementsOf(real.at("/tcbLevels/0").propertyNames());
    assertThat(ours.at("/tcbLevels/0/tcb").propertyNames())
        .containsExactlyElementsOf(real.at("/tcbLevels/0/tcb").propertyNames());
    assertThat(ours.at("/tcbLevels/0/tcb/tdxtcbcomponents")).hasSize(16);
  }

  @Test
  void qeIdentityHasTheKeysOfIntelsInTheSameOrder() {
    JsonNode real = JSON.readTree(real().get("qe_identity").stringValue());
    JsonNode ours = JSON.readTree(recipe(TeeKind.TDX).make().qeIdentity().text());
    assertThat(ours.propertyNames()).containsExactlyElementsOf(real.propertyNames());
    assertThat(ours.get("id").stringValue()).isEqualTo("TD_QE");
  }

  @Test
  void objectHasTheKeysOfTheUpstreamSamples() {
    JsonNode ours = JSON.readTree(recipe(TeeKind.TDX).make().toJson());
    assertThat(ours.propertyNames()).containsExactlyElementsOf(real().propertyNames());
    assertThat(new EcdsaSignature(hex(ours, "tcb_info_signature")).rs().length()).isEqualTo(64);
    assertThat(hex(ours, "root_ca_crl").at(0)).isEqualTo(0x30);
  }

  @Test
  void levelsComeFromBestToWorstSoThatEachStatusHasItsOwnSvn() {
    JsonNode info = JSON.readTree(recipe(TeeKind.TDX).make().tcbInfo().text());
    List<String> statuses = new ArrayList<>();
    int svn = Integer.MAX_VALUE;
    for (JsonNode level : info.get("tcbLevels")) {
      statuses.add(level.get("tcbStatus").stringValue());
      int microcode = level.at("/tcb/tdxtcbcomponents/2/svn").intValue();
      assertThat(microcode).isLessThan(svn);
      svn = microcode;
    }
    assertThat(statuses)
        .containsExactly(
            "UpToDate",
            "SWHardeningNeeded",
            "ConfigurationNeeded",
            "ConfigurationAndSWHardeningNeeded",
            "OutOfDate",
            "OutOfDateConfigurationNeeded",
            "Revoked");
  }

  @Test
  void sgxTcbInfoSaysSgxAndHasNoTdxParts() {
    JsonNode info = JSON.readTree(recipe(TeeKind.SGX).make().tcbInfo().text());
    assertThat(info.get("id").stringValue()).isEqualTo("SGX");
    assertThat(info.has("tdxModule")).isFalse();
    assertThat(info.at("/tcbLevels/0/tcb").has("tdxtcbcomponents")).isFalse();
  }

  @Test
  void datesAreWholeSecondsAroundTheClock() {
    JsonNode info = JSON.readTree(recipe(TeeKind.TDX).make().tcbInfo().text());
    assertThat(info.get("issueDate").stringValue()).isEqualTo("2026-03-01T11:00:00Z");
    assertThat(info.get("nextUpdate").stringValue()).isEqualTo("2026-03-31T11:00:00Z");
  }

  @Test
  void validityIsFreshForItsFirstHalfOnly() {
    Validity validity = Validity.around(NOW);
    assertThat(validity.isFreshAt(NOW)).isTrue();
    assertThat(validity.isFreshAt(NOW.plus(Duration.ofDays(14)))).isTrue();
    assertThat(validity.isFreshAt(NOW.plus(Duration.ofDays(15)))).isFalse();
    assertThat(validity.isFreshAt(NOW.minus(Duration.ofHours(2)))).isFalse();
  }

  @Test
  void fmspcIsUpperCase() {
    String text = recipe(TeeKind.TDX).make().tcbInfo().text();
    assertThat(text).contains("\"fmspc\":\"51D51D51D000\"");
    assertThat(text.toLowerCase(Locale.ROOT)).doesNotContain(" ");
  }

  private CollateralRecipe recipe(TeeKind kind) {
    return new CollateralRecipe(pki, kind, PckAuthority.PLATFORM, NOW);
  }

  private Program verifySigner(SimulatedCollateral collateral) {
    Openssl openssl = new Openssl(folder);
    CertifiedKey signer = pki.tcbSigner();
    Path crl = openssl.file("root.crl", collateral.rootCaCrl());
    Path crlPem = folder.resolve("root-crl.pem");
    openssl.run("crl", "-inform", "der", "-in", crl.toString(), "-out", crlPem.toString());
    return openssl.run(
        "verify",
        "-attime",
        String.valueOf(NOW.getEpochSecond()),
        "-crl_check",
        "-CRLfile",
        crlPem.toString(),
        "-CAfile",
        pki.rootCertificateFile().toString(),
        openssl.file("signer.pem", Bytes.utf8(signer.pem())).toString());
  }

  private dstack.kms.core.crypto.P256PublicKey signerKey() {
    return pki.tcbSigner().key().publicKey();
  }

  private static Bytes hex(JsonNode object, String key) {
    return Bytes.fromHex(object.get(key).stringValue());
  }

  private static JsonNode real() {
    return Vectors.json("tdx/fmspc_B0C06F000000_2026-08.collateral.json");
  }
}
