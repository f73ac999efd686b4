package dstack.kms.attest.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.issuer.RevocationRule;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.attest.x509.UnverifiedCertificate;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.SnpEvidenceConfig;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hierarchy of our own in the place of AMD's, whole and with one lie in it. */
final class SnpChainTest {
  private static final String FAILED =
      "amd sev-snp report verification failed for supported products: Milan: ";
  private static final String CHAIN = FAILED + "amd cert chain verification failed: ";

  private final SnpWorld world = new SnpWorld();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void takesAWholeChainUnderAnExternalRoot(boolean rsa) {
    world.rsa = rsa;

    VerifiedSevSnp verified = world.verify();

    assertThat(verified.unchecked()).isEmpty();
    assertThat(verified.product()).isEqualTo(SnpProduct.MILAN);
  }

  @Test
  void tellsUpToDateOnlyIfAllFourVersionsAgree() {
    world.report = RealSnp.set(world.report, 0x38 + 6, 0x17);
    assertThat(world.verify().status().tcbStatus()).isEqualTo("OutOfDate");
    world.report = RealSnp.set(world.report, 0x1e0 + 6, 0x17);
    assertThat(world.verify().status().tcbStatus()).isEqualTo("OutOfDate");
    world.report = RealSnp.set(world.report, 0x1f0 + 6, 0x17);
    assertThat(world.verify().status().tcbStatus()).isEqualTo("UpToDate");
    assertThat(world.verify().status().assessed()).isFalse();
  }

  @Test
  void t22_refusesAnExpiredAsk() {
    world.askTo = SnpWorld.NOW.minusSeconds(1);

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "CertExpired");
  }

  @Test
  void t22_refusesAnAskThatIsNotValidYet() {
    world.askFrom = SnpWorld.NOW.plusSeconds(1);

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "CertNotValidYet");
  }

  @Test
  void t22_refusesAnExpiredVcek() {
    world.vcekTo = SnpWorld.NOW.minusSeconds(1);

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "CertExpired");
  }

  @Test
  void t22_refusesARevokedAsk() {
    world.arkRevokes.add(2L);

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "CertRevoked");
  }

  @Test
  void t22_refusesARevokedVcekWhoseIssuerListsIt() {
    world.vcekNamesList = true;
    assertThat(world.verify().unchecked()).isEmpty();
    world.askRevokes.add(0L);

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "CertRevoked");
  }

  @Test
  void doesNotTakeTheRootsListForOneOfChips() {
    world.arkRevokes.add(0L);

    assertThat(world.verify()).isNotNull();
  }

  @Test
  void t22_refusesAnExpiredRevocationList() {
    world.listTo = SnpWorld.NOW;

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "CrlExpired");
  }

  @Test
  void t22_refusesWithoutTheRevocationListThatIsNamed() {
    world.withoutLists = true;

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "UnknownRevocationStatus");
  }

  @Test
  void asksForNoListBeforeTheReportsSignatureHolds() {
    world.withoutLists = true;
    SevSnpEvidence whole = world.evidence();
    byte[] forged = whole.report().toArray();
    forged[0x2a0] ^= 1;

    assertThatThrownBy(
            () ->
                world
                    .verifier(new GivenKds(Optional.empty(), Optional.empty()))
                    .verify(
                        new SevSnpEvidence(Bytes.of(forged), whole.certChain(), whole.mrConfig()),
                        SnpWorld.claims()))
        .hasMessageEndingWith("Milan: amd sev-snp report signature verification failed");
  }

  @Test
  void t22_refusesARevocationListOfAnotherSigner() {
    world.listSignedByAnother = true;

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "InvalidCrlSignatureForPublicKey");
  }

  @Test
  void refusesAskThatIsNoAuthority() {
    world.askIsCa = false;

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "EndEntityUsedAsCa");
  }

  @Test
  void refusesNamesThatDoNotLink() {
    world.vcekIssuer = "SEV-Genoa";
    assertThatThrownBy(world::verify).hasMessage(CHAIN + "UnknownIssuer");
    world.vcekIssuer = "SEV-Milan";
    world.askIssuer = "ARK-Genoa";
    assertThatThrownBy(world::verify).hasMessage(CHAIN + "UnknownIssuer");
  }

  @Test
  void refusesVcekThatTheRootItselfIssued() {
    world.vcekIssuer = "ARK-Milan";
    world.vcekSignedByArk = true;

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "the VCEK is not issued by an ASK");
  }

  @Test
  void refusesVcekOfAnotherSigner() {
    world.vcekSignedByArk = true;

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "InvalidSignatureForPublicKey");
  }

  @Test
  void refusesOurChainUnderAmdsRoots() {
    SnpVerifier amd =
        new SnpVerifier(
            SnpTrustAnchors.amd(),
            new GivenKds(Optional.empty(), Optional.empty()),
            world.documents(),
            RevocationRule.REQUIRED,
            SnpEvidenceConfig.defaults(),
            SnpWorld.VERIFIER,
            () -> SnpWorld.NOW);

    assertThatThrownBy(() -> amd.verify(world.evidence(), SnpWorld.claims()))
        .hasMessageStartingWith(CHAIN);
  }

  @Test
  void refusesRealCertificatesUnderOurRoot() {
    assertThatThrownBy(
            () ->
                world
                    .verifier(new GivenKds(Optional.empty(), Optional.empty()))
                    .verify(RealSnp.evidence(RealSnp.complete()), SnpWorld.claims()))
        .hasMessageStartingWith(CHAIN);
  }

  @ParameterizedTest
  @CsvSource({
    "1.3.1, 020103, bootloader", "1.3.1, 020105, bootloader", "1.3.2, 020101, tee",
    "1.3.3, 020118, snp", "1.3.8, 020200d4, microcode", "1.3.8, 020155, microcode",
  })
  void refusesVcekOfOtherComponents(String oid, String value, String name) {
    world.extensions.put(oid, Bytes.fromHex(value));

    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "amd sev-snp vcek does not match the report: " + name + " differs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0201d5", "02020100", "020300d500", "0400", "02", "", "020200d500"})
  void refusesComponentsOfOtherForm(String value) {
    world.extensions.put("1.3.8", Bytes.fromHex(value));

    assertThatThrownBy(world::verify).hasMessageStartingWith(FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.3.1", "1.3.2", "1.3.3", "1.3.8", "1.4"})
  void refusesVcekThatLacksAnExtension(String oid) {
    world.extensions.remove(oid);

    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "amd sev-snp vcek has no extension 1.3.6.1.4.1.3704." + oid);
  }

  @Test
  void refusesReportThatHasNoRoomForAComponentOfTheVcek() {
    world.extensions.put("1.3.9", Bytes.fromHex("020100"));

    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "amd sev-snp vcek does not match the report: fmc differs");
  }

  @Test
  void refusesVcekOfAnotherChip() {
    Bytes id = world.report.slice(0x1a0, 0x1e0);
    for (Bytes other :
        List.of(RealSnp.xor(id, 63, 1), id.slice(0, 8), id.slice(0, 63), Bytes.EMPTY)) {
      world.extensions.put("1.4", other);
      assertThatThrownBy(world::verify)
          .hasMessage(FAILED + "amd sev-snp vcek does not match the report: chip id differs");
    }
  }

  @Test
  void takesTheChipsIdAsAnOctetString() {
    world.extensions.put("1.4", prefixed("0440", world.report.slice(0x1a0, 0x1e0)));

    assertThat(world.verify()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    // another tag, length or form; too short, too long; twice
    "0340, 64, ''", "0c40, 64, ''", "2440, 64, ''", "0441, 64, ''", "043f, 64, ''",
        "048140, 64, ''",
    "0480, 64, 0000", "0440, 64, 00", "0440, 63, ''", "0440, 8, ''", "0408, 8, ''",
        "04420440, 64, ''",
    "04, 64, ''", "0400, 0, ''"
  })
  void refusesTheChipsIdInAnyOtherForm(String head, int length, String tail) {
    Bytes id = world.report.slice(0x1a0, 0x1a0 + length);
    world.extensions.put("1.4", Bytes.concat(prefixed(head, id), Bytes.fromHex(tail)));

    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "amd sev-snp vcek does not match the report: chip id differs");
  }

  @Test
  void refusesAnotherChipsIdAsAnOctetString() {
    Bytes id = world.report.slice(0x1a0, 0x1e0);
    for (int i = 0; i < id.length(); i++) {
      world.extensions.put("1.4", prefixed("0440", RealSnp.xor(id, i, 1)));
      assertThatThrownBy(world::verify)
          .hasMessage(FAILED + "amd sev-snp vcek does not match the report: chip id differs");
    }
  }

  private static Bytes prefixed(String head, Bytes id) {
    return Bytes.concat(Bytes.fromHex(head), id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "160847656e6f612d4230",
        "1608547572696e2d4230",
        "16064d696c616e2d",
        "16074d696c616e4230",
        "16084d494c414e2d4230",
        "16044d696c61",
        "1600",
        "0c084d696c616e2d4230",
        "16084d696c616e2d42",
        "16084d696c616e2d423000",
        "",
      })
  void refusesVcekOfAnotherProduct(String name) {
    world.extensions.put("1.2", Bytes.fromHex(name));

    assertThatThrownBy(world::verify).hasMessageStartingWith(FAILED);
  }

  @Test
  void tellsThatTheProductDiffers() {
    world.extensions.put("1.2", Bytes.fromHex("160847656e6f612d4230"));

    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "amd sev-snp vcek does not match the report: product differs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"16084d696c616e2d4231", "16054d696c616e"})
  void takesEverySteppingOfTheProduct(String name) {
    world.extensions.put("1.2", Bytes.fromHex(name));

    assertThat(world.verify().product()).isEqualTo(SnpProduct.MILAN);
  }

  private static Bytes ia5(String text) {
    return Bytes.concat(Bytes.of(new byte[] {0x16, (byte) text.length()}), Bytes.utf8(text));
  }

  /** AMD certifies the processors with denser cores under Genoa's keys (publication 57230). */
  private void genoa() {
    world.product = SnpProduct.GENOA;
    world.report = RealSnp.set(world.report, 0x188, 0x19, 0xa0, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Genoa-B1", "Genoa", "Siena-B2", "Siena", "Bergamo-B2", "Bergamo"})
  void takesEveryProductThatAmdCertifiesUnderGenoasKeys(String name) {
    genoa();
    world.extensions.put("1.2", ia5(name));

    assertThat(world.verify().product()).isEqualTo(SnpProduct.GENOA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Turin-B0",
        "Milan-B0",
        "Siena-",
        "SienaB2",
        "siena-B2",
        "Sien",
        "Sienas-B2",
        "-B2",
        ""
      })
  void refusesEveryOtherProductUnderGenoasKeys(String name) {
    genoa();
    world.extensions.put("1.2", ia5(name));

    assertThatThrownBy(world::verify)
        .hasMessage(
            "amd sev-snp report verification failed for supported products: Genoa:"
                + " amd sev-snp vcek does not match the report: product differs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Siena-B2", "Siena", "Bergamo-B2", "Bergamo", "Genoa"})
  void refusesGenoasProductsUnderMilansKeys(String name) {
    world.extensions.put("1.2", ia5(name));

    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "amd sev-snp vcek does not match the report: product differs");
  }

  @Test
  void refusesAGenoaReportUnderTheRootOfAnotherFamily() {
    genoa();
    world.extensions.put("1.2", ia5("Siena-B2"));
    world.product = SnpProduct.MILAN;

    assertThatThrownBy(world::verify)
        .hasMessageContaining("Genoa: amd cert chain verification failed: ");
  }

  @Test
  void t22_refusesAnAskOfAmdsThatNamesNoRevocationList() {
    world.rsa = true;
    world.external = false;
    assertThat(world.verify().unchecked()).isEmpty();
    world.askNamesList = false;

    assertThatThrownBy(world::verify).hasMessage(CHAIN + "the ASK names no revocation list");
    world.external = true;
    assertThat(world.verify()).isNotNull();
  }

  @Test
  void takesVcekThatNamesNoProduct() {
    world.extensions.remove("1.2");

    assertThat(world.verify().product()).isEqualTo(SnpProduct.MILAN);
  }

  @Test
  void refusesVlekByNameAndByItsCloudProvider() {
    world.vcekName = "SEV-VLEK";
    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "amd sev-snp vlek certificates are not supported yet");
    world.vcekName = "SEV-VCEK";
    world.extensions.put("1.5", Bytes.fromHex("1603415753"));
    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "amd sev-snp vlek certificates are not supported yet");
  }

  @Test
  void refusesReportThatAVlekSigned() {
    world.report = RealSnp.set(world.report, 0x48, 4);

    assertThatThrownBy(world::verify)
        .hasMessage(FAILED + "unsupported amd sev-snp signing key: expected vcek, got 1");
  }

  @Test
  void comparesTheShortIdAndTheFmcOfTurin() {
    world.report = turinReport(world.report);
    SnpReport report = SnpReport.parse(world.report);
    assertThat(report.reportedTcb().fmc()).isEqualTo(OptionalInt.of(9));
    world.extensions.put("1.2", Bytes.fromHex("1608547572696e2d4331"));
    world.extensions.put("1.4", report.chipId().slice(0, 8));
    world.extensions.put("1.3.9", Bytes.fromHex("020109"));
    UnverifiedCertificate vcek = CertificateText.parse(world.vcek(), "vcek");

    VcekExtensions.require(vcek, SnpProduct.TURIN, report);

    world.extensions.put("1.3.9", Bytes.fromHex("020108"));
    UnverifiedCertificate otherFmc = CertificateText.parse(world.vcek(), "vcek");
    assertThatThrownBy(() -> VcekExtensions.require(otherFmc, SnpProduct.TURIN, report))
        .hasMessageContaining("fmc differs");
    world.extensions.remove("1.3.9");
    UnverifiedCertificate noFmc = CertificateText.parse(world.vcek(), "vcek");
    assertThatThrownBy(() -> VcekExtensions.require(noFmc, SnpProduct.TURIN, report))
        .hasMessageContaining("no extension 1.3.6.1.4.1.3704.1.3.9");
    world.extensions.put("1.3.9", Bytes.fromHex("020109"));
    world.extensions.put("1.4", prefixed("0408", report.chipId().slice(0, 8)));
    VcekExtensions.require(CertificateText.parse(world.vcek(), "vcek"), SnpProduct.TURIN, report);
    for (Bytes other :
        List.of(
            report.chipId(),
            prefixed("0440", report.chipId()),
            prefixed("0408", report.chipId().slice(1, 9)),
            prefixed("0408", report.chipId().slice(0, 9)))) {
      world.extensions.put("1.4", other);
      UnverifiedCertificate otherId = CertificateText.parse(world.vcek(), "vcek");
      assertThatThrownBy(() -> VcekExtensions.require(otherId, SnpProduct.TURIN, report))
          .hasMessageContaining("chip id differs");
    }
  }

  static Bytes turinReport(Bytes report) {
    Bytes turin = RealSnp.set(report, 0x188, 0x1a, 2, 1);
    for (int offset : List.of(0x38, 0x180, 0x1e0, 0x1f0)) {
      turin = RealSnp.set(turin, offset, 9, 4, 0, 0x17, 0, 0, 0, 0xd5);
    }
    return RealSnp.set(turin, 0x1a8, new int[56]);
  }

  @Test
  void refusesExternalRootThatIsNoRoot() {
    for (Bytes other : List.of(world.ask(), world.vcek(), Bytes.EMPTY, Bytes.utf8("-----BEGIN"))) {
      assertThatThrownBy(
              () -> SnpTrustAnchors.amd().withExternal(SnpProduct.MILAN, other, SnpWorld.VERIFIER))
          .hasMessageStartingWith("Failed to load root ca: ");
    }
  }
}
