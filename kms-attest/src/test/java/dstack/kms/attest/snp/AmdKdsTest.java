package dstack.kms.attest.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.attest.evidence.SevSnpEvidence;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.snp.report.SnpProduct;
import dstack.kms.attest.snp.report.SnpReport;
import dstack.kms.attest.snp.report.TcbVersion;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.config.SnpEvidenceConfig;
import dstack.kms.core.config.SnpFamily;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class AmdKdsTest {
  private static final String CHIP = RealSnp.report().slice(0x1a0, 0x1e0).hex();
  private static final String QUERY = "?blSPL=4&teeSPL=0&snpSPL=23&ucodeSPL=213";

  private final SnpWorld world = new SnpWorld();
  private final AtomicReference<Instant> now = new AtomicReference<>(SnpWorld.NOW);

  @Test
  void asksForChipAndSignerAndKeepsWhatWasVerified() {
    try (ScriptedKds server = ScriptedKds.of(world);
        AmdKds kds = kds(server, 8)) {
      SnpVerifier verifier = world.verifier(kds);

      assertThat(verify(verifier).unchecked()).isEmpty();
      assertThat(server.asked())
          .containsExactly("/vcek/v1/Milan/" + CHIP + QUERY, "/vcek/v1/Milan/cert_chain");
      assertThat(verify(verifier)).isNotNull();
      assertThat(server.asked()).hasSize(2);
    }
  }

  @Test
  void asksForNothingBeforeTheCheapChecks() {
    try (ScriptedKds server = ScriptedKds.of(world);
        AmdKds kds = kds(server, 8)) {
      Bytes good = world.report;
      List<Bytes> bad =
          List.of(
              RealSnp.set(good, 0, 4),
              RealSnp.set(good, 0x0a, 0x0b),
              RealSnp.set(good, 0x48, 4),
              RealSnp.set(good, 0x48, 2),
              RealSnp.set(good, 0x30, 1),
              RealSnp.set(good, 0x188, 0x17),
              RealSnp.set(good, 0x40, 0),
              RealSnp.xor(good, 0x50, 1),
              RealSnp.xor(good, 0xc0, 1));
      for (Bytes report : bad) {
        SevSnpEvidence evidence = new SevSnpEvidence(report, List.of(), SnpWorld.mrConfig());
        assertThatThrownBy(() -> world.verifier(kds).verify(evidence, SnpWorld.claims()))
            .isInstanceOf(RefusalException.class);
      }
      SnpEvidenceConfig off =
          new SnpEvidenceConfig(
              Set.of(SnpFamily.TURIN),
              true,
              false,
              Duration.ofSeconds(5),
              Map.of(),
              List.of(),
              List.of());
      assertThatThrownBy(() -> verify(world.verifier(kds, off)))
          .hasMessage(
              "amd sev-snp verification failed: Milan: amd sev-snp product Milan is not allowed by"
                  + " this server");
      assertThat(server.asked()).isEmpty();
    }
  }

  @Test
  void triesTheProductsOfAnUnnamedProcessorInTheirOrder() {
    world.report = RealSnp.set(RealSnp.set(world.report, 0, 2), 0x188, 0, 0, 0);
    Bytes vcek = world.vcek();
    Bytes signers = Bytes.utf8(Certs.pem(world.ask()) + Certs.pem(world.ark()));
    try (ScriptedKds server =
            new ScriptedKds(
                path ->
                    path.contains("/Genoa/")
                        ? ScriptedKds.Answer.NOT_FOUND
                        : ScriptedKds.Answer.ok(path.endsWith("chain") ? signers : vcek));
        AmdKds kds = kds(server, 8)) {
      assertThat(verify(world.verifier(kds)).product()).isEqualTo(SnpProduct.MILAN);
      assertThat(server.asked())
          .containsExactly(
              "/vcek/v1/Genoa/" + CHIP + QUERY,
              "/vcek/v1/Milan/" + CHIP + QUERY,
              "/vcek/v1/Milan/cert_chain");
    }
  }

  @Test
  void namesEachProductThatFailed() {
    world.report = RealSnp.set(RealSnp.set(world.report, 0, 2), 0x188, 0, 0, 0);
    try (ScriptedKds server = new ScriptedKds(path -> ScriptedKds.Answer.NOT_FOUND);
        AmdKds kds = kds(server, 8)) {
      RefusalException refusal = refused(world.verifier(kds));

      assertThat(refusal.text())
          .isEqualTo(
              "amd sev-snp verification failed: Genoa: amd sev-snp vcek request failed: not found;"
                  + " Milan: amd sev-snp vcek request failed: not found; Turin: amd sev-snp Turin"
                  + " VCEK request requires reported FMC TCB");
      assertThat(refusal.code()).isEqualTo(KdsRefusal.UNKNOWN_CHIP);
      assertThat(refusal.detail()).contains("/vcek/v1/Genoa/" + CHIP);
    }
  }

  @Test
  void t23_hangingServiceRefusesInTimeAndHindersNobodyElse() {
    try (ScriptedKds server = new ScriptedKds(path -> ScriptedKds.Answer.HANG);
        AmdKds kds = kds(server, 2)) {
      SnpEvidenceConfig brief =
          new SnpEvidenceConfig(
              Set.of(SnpFamily.MILAN),
              true,
              false,
              Duration.ofMillis(300),
              Map.of(),
              List.of(),
              List.of());
      SnpVerifier verifier = world.verifier(kds, brief);
      List<CompletableFuture<RefusalException>> hanging = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        hanging.add(CompletableFuture.supplyAsync(() -> refused(verifier)));
      }

      assertThat(verifier.verify(world.evidence(), SnpWorld.claims())).isNotNull();
      for (CompletableFuture<RefusalException> each : hanging) {
        RefusalException refusal = each.join();
        assertThat(refusal.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
        assertThat(refusal.text()).startsWith("amd sev-snp verification failed: Milan: ");
      }
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void t23_refusesBeyondTheNumberOfConcurrentRequests() {
    try (ScriptedKds server = new ScriptedKds(path -> ScriptedKds.Answer.HANG);
        AmdKds kds = kds(server, 1)) {
      SnpReport first = SnpReport.parse(world.report);
      SnpReport second = SnpReport.parse(RealSnp.xor(world.report, 0x1a0, 1));
      KdsDeadline none = KdsDeadline.in(Duration.ZERO);

      assertThatThrownBy(() -> kds.vcek(SnpProduct.MILAN, first, none))
          .hasMessage("amd sev-snp KDS did not answer in time");
      RefusalException busy =
          catchThrowableOfType(
              RefusalException.class,
              () -> kds.vcek(SnpProduct.MILAN, second, KdsDeadline.in(Duration.ofSeconds(20))));
      assertThat(busy.code()).isEqualTo(KdsRefusal.BUSY);
    }
  }

  @Test
  void leavesAChipAloneForAWhileAfterAFailure() {
    try (ScriptedKds server = new ScriptedKds(path -> new ScriptedKds.Answer(503, Bytes.EMPTY));
        AmdKds kds = kds(server, 8)) {
      SnpVerifier verifier = world.verifier(kds);
      for (int i = 0; i < 3; i++) {
        assertThat(refused(verifier).text())
            .isEqualTo(
                "amd sev-snp verification failed: Milan: amd sev-snp vcek request failed: HTTP"
                    + " 503");
      }
      assertThat(server.asked()).hasSize(1);
      now.set(SnpWorld.NOW.plusSeconds(60));
      assertThat(refused(verifier).code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
      assertThat(server.asked()).hasSize(2);
    }
  }

  @Test
  void t25_keepsNothingThatDoesNotVerify() {
    SnpWorld other = new SnpWorld();
    other.extensions.put("1.3.3", Bytes.fromHex("020118"));
    Bytes wrong = other.vcek();
    Bytes right = world.vcek();
    AtomicReference<Bytes> answer = new AtomicReference<>(wrong);
    Bytes signers = Bytes.utf8(Certs.pem(world.ask()) + Certs.pem(world.ark()));
    try (ScriptedKds server =
            new ScriptedKds(
                path ->
                    ScriptedKds.Answer.ok(
                        path.endsWith("chain") ? signers : Objects.requireNonNull(answer.get())));
        AmdKds kds = kds(server, 8)) {
      SnpVerifier verifier = world.verifier(kds);

      assertThat(refused(verifier).text())
          .contains("Milan: amd sev-snp vcek does not match the report: snp differs");
      assertThat(refused(verifier).text()).contains("KDS gave certificates that do not verify");
      answer.set(right);
      now.set(SnpWorld.NOW.plusSeconds(60));
      assertThatCode(() -> verify(verifier)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 65_536, 65_537, 1_000_000})
  void t25_refusesAnswersOfEverySize(int length) {
    Bytes garbage = Bytes.zeros(length);
    try (ScriptedKds server = new ScriptedKds(path -> ScriptedKds.Answer.ok(garbage));
        AmdKds kds = kds(server, 8)) {
      assertThat(refused(world.verifier(kds)).text()).startsWith("amd sev-snp verification failed");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 400, 403, 429, 500})
  void t25_followsNoRedirectAndTakesNoError(int status) {
    try (ScriptedKds server =
            new ScriptedKds(path -> new ScriptedKds.Answer(status, world.vcek()));
        AmdKds kds = kds(server, 8)) {
      RefusalException refusal = refused(world.verifier(kds));

      assertThat(refusal.code()).isEqualTo(KdsRefusal.UNAVAILABLE);
      assertThat(refusal.text()).endsWith("amd sev-snp vcek request failed: HTTP " + status);
    }
  }

  @Test
  void refusesSignersWithoutTheRootBesideThem() {
    Bytes vcek = world.vcek();
    Bytes one = Bytes.utf8(Certs.pem(world.ask()));
    try (ScriptedKds server =
            new ScriptedKds(path -> ScriptedKds.Answer.ok(path.endsWith("chain") ? one : vcek));
        AmdKds kds = kds(server, 8)) {
      assertThat(refused(world.verifier(kds)).text())
          .endsWith("Milan: amd sev-snp cert_chain must contain ASK and ARK certificates");
    }
  }

  @Test
  void refusesWhereNobodyListens() {
    URI nobody;
    try (ScriptedKds server = ScriptedKds.of(world)) {
      nobody = server.base();
    }
    try (AmdKds kds = new AmdKds(nobody, settings(8), () -> SnpWorld.NOW)) {
      assertThat(refused(world.verifier(kds)).code()).isEqualTo(KdsRefusal.UNAVAILABLE);
    }
  }

  @Test
  void addressesTurinByItsShortIdAndFmc() {
    KdsAddresses addresses = KdsAddresses.of(URI.create("https://kds.example/v//"));
    TcbVersion tcb = new TcbVersion(OptionalInt.of(1), 2, 3, 4, 5);

    assertThat(addresses.vcek(SnpProduct.TURIN, Bytes.fromHex(CHIP), tcb))
        .hasToString(
            "https://kds.example/v/Turin/38d174589d2dff97?fmcSPL=1&blSPL=2&teeSPL=3&snpSPL=4&ucodeSPL=5");
    assertThat(addresses.certificateChain(SnpProduct.GENOA))
        .hasToString("https://kds.example/v/Genoa/cert_chain");
    assertThat(addresses.mirrored("https://kdsintf.amd.com/vcek/v1/Milan/crl"))
        .isEqualTo("https://kds.example/v/Milan/crl");
    assertThat(addresses.mirrored("https://kdsintf.amd.com/vcek/v1x"))
        .isEqualTo("https://kdsintf.amd.com/vcek/v1x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a/b",
        "file:/b",
        "https:b",
        "https://u:p@a/b",
        "https://a/b?c",
        "http://a#b"
      })
  void refusesAddressesOfOtherForm(String address) {
    assertThatThrownBy(() -> KdsAddresses.of(URI.create(address)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private AmdKds kds(ScriptedKds server, int maxConcurrent) {
    return new AmdKds(
        server.base(), settings(maxConcurrent), () -> Objects.requireNonNull(now.get()));
  }

  private static AmdKds.Settings settings(int maxConcurrent) {
    return new AmdKds.Settings(
        Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofSeconds(60), maxConcurrent);
  }

  private VerifiedSevSnp verify(SnpVerifier verifier) {
    return verifier.verify(world.evidenceWithoutCertificates(), SnpWorld.claims());
  }

  private RefusalException refused(SnpVerifier verifier) {
    return catchThrowableOfType(RefusalException.class, () -> verify(verifier));
  }
}
