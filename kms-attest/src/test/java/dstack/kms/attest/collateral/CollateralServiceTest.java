package dstack.kms.attest.collateral;

import static dstack.kms.attest.collateral.ScriptedPccs.PCK_CRL;
import static dstack.kms.attest.collateral.ScriptedPccs.QE;
import static dstack.kms.attest.collateral.ScriptedPccs.ROOT_CRL;
import static dstack.kms.attest.collateral.ScriptedPccs.TCB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.attest.dcap.QuoteVerifier;
import dstack.kms.attest.dcap.TdxTrustAnchor;
import dstack.kms.attest.forged.Certs;
import dstack.kms.attest.forged.Crls;
import dstack.kms.attest.forged.PckParts;
import dstack.kms.attest.forged.World;
import dstack.kms.attest.quote.UnverifiedQuote;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.SignatureVerifiers;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The service against real HTTP servers that are honest, slow, broken or hostile. */
@Timeout(60)
class CollateralServiceTest {
  private static final RandomGenerator RANDOM = RandomGenerator.of("L64X128MixRandom");

  private final World world = new World();
  private final ManualTimes times = new ManualTimes(World.NOW);
  private final ScriptedPccs pccs = ScriptedPccs.serving(world.collateral());
  private final List<AutoCloseable> open = new ArrayList<>(List.of(pccs));

  @AfterEach
  void closeEverything() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
    times.shutdownNow();
  }

  private CollateralService service(CollateralSettings settings) {
    QuoteVerifier verifier =
        new QuoteVerifier(
            TdxTrustAnchor.external(world.rootDer()), SignatureVerifiers.named("auto"));
    CollateralService service =
        new CollateralService(settings, verifier.collateralCheck(), times, times, RANDOM);
    open.add(service);
    return service;
  }

  private CollateralService service() {
    return service(settings(Duration.ofSeconds(20), pccs.endpoint()));
  }

  private static CollateralSettings settings(Duration total, CollateralEndpoint... endpoints) {
    return new CollateralSettings(
        List.of(endpoints),
        Duration.ofSeconds(5),
        total,
        Duration.ofHours(1),
        Duration.ofSeconds(10),
        4,
        Optional.empty(),
        Optional.empty());
  }

  private UnverifiedQuote quote() {
    return UnverifiedQuote.parse(world.quoteBytes());
  }

  private RefusalException refusal(CollateralService service) {
    return catchThrowableOfType(RefusalException.class, () -> service.collateralFor(quote()));
  }

  private World newerWorld() {
    World newer = new World();
    newer.tcbInfo("2027-01-10T00:00:00Z", "2027-01-12T00:00:00Z");
    return newer;
  }

  private static void awaitUntil(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void fetchesInTheOrderOfTheSpecificationAndThenNeverAgain() {
    CollateralService service = service();
    Collateral fetched = service.collateralFor(quote());

    assertThat(fetched).isEqualTo(world.collateral());
    assertThat(service.collateralFor(quote())).isSameAs(fetched);
    assertThat(pccs.requests).containsExactly(PCK_CRL, TCB, QE, ROOT_CRL);
  }

  @Test
  void whatItFetchedVerifiesTheQuote() {
    QuoteVerifier verifier =
        new QuoteVerifier(
            TdxTrustAnchor.external(world.rootDer()), SignatureVerifiers.named("auto"));

    assertThat(verifier.verify(world.quoteBytes(), service().collateralFor(quote()), World.NOW))
        .isNotNull();
  }

  @Test
  void prefersTheHeaderWithThePrefix() {
    pccs.on(
        TCB,
        ScriptedPccs.body(
            ScriptedPccs.tcbBody(world.collateral()),
            Map.of(
                "SGX-TCB-Info-Issuer-Chain",
                ScriptedPccs.encoded(world.collateral().tcbInfoIssuerChain()),
                "TCB-Info-Issuer-Chain",
                "nonsense")));

    assertThat(service().collateralFor(quote())).isEqualTo(world.collateral());
  }

  @Test
  void takesTheRootListFromTheAddressInTheAnchorWhenTheServiceHasNone() {
    GeneralName uri =
        new GeneralName(GeneralName.uniformResourceIdentifier, pccs.base() + "/root.der");
    world.root.with(
        Extension.cRLDistributionPoints,
        false,
        Certs.der(
            new CRLDistPoint(
                new DistributionPoint[] {
                  new DistributionPoint(
                      new DistributionPointName(new GeneralNames(uri)), null, null)
                })));
    pccs.serve(world.collateral());
    pccs.on(ROOT_CRL, ScriptedPccs.status(500));
    pccs.on("/root.der", ScriptedPccs.body(world.rootCrl.der(), Map.of()));

    assertThat(service().collateralFor(quote()).rootCaCrl()).isEqualTo(world.rootCrl.der());
    assertThat(pccs.requests).containsExactly(PCK_CRL, TCB, QE, ROOT_CRL, "/root.der");
  }

  static Stream<Arguments> answersThatAreNone() {
    Bytes nothing = Bytes.EMPTY;
    return Stream.of(
        Arguments.of(PCK_CRL, ScriptedPccs.status(404), "Failed to fetch {}: HTTP 404"),
        Arguments.of(TCB, ScriptedPccs.status(500), "Failed to fetch {}: HTTP 500"),
        Arguments.of(QE, ScriptedPccs.status(429), "Failed to fetch {}: HTTP 429"),
        Arguments.of(
            QE,
            ScriptedPccs.status(302, nothing, Map.of("Location", "http://127.0.0.1:1/")),
            "Failed to fetch {}: HTTP 302"),
        Arguments.of(
            PCK_CRL,
            ScriptedPccs.body(Bytes.utf8("x"), Map.of()),
            "Missing SGX-PCK-CRL-Issuer-Chain"),
        Arguments.of(
            TCB, ScriptedPccs.body(Bytes.utf8("{}"), Map.of()), "Missing TCB-Info-Issuer-Chain"),
        Arguments.of(
            QE,
            ScriptedPccs.body(Bytes.utf8("{}"), Map.of()),
            "Missing SGX-Enclave-Identity-Issuer-Chain"),
        Arguments.of(
            TCB,
            ScriptedPccs.body(Bytes.fromHex("ff"), Map.of("SGX-TCB-Info-Issuer-Chain", "x")),
            "TCB Info response body is not valid UTF-8"),
        Arguments.of(
            TCB,
            ScriptedPccs.body(
                Bytes.utf8("{\"tcbInfo\":{}}"), Map.of("SGX-TCB-Info-Issuer-Chain", "x")),
            "TCB Info should be valid JSON"),
        Arguments.of(
            TCB,
            ScriptedPccs.body(
                Bytes.utf8("{\"tcbInfo\":{},\"signature\":\"xy\"}"),
                Map.of("SGX-TCB-Info-Issuer-Chain", "x")),
            "TCB Info signature must be valid hex"),
        Arguments.of(
            QE,
            ScriptedPccs.body(
                Bytes.utf8("{\"enclaveIdentity\":{},\"signature\":\"00\"} x"),
                Map.of("SGX-Enclave-Identity-Issuer-Chain", "x")),
            "QE Identity should be valid JSON"),
        Arguments.of(
            ROOT_CRL,
            ScriptedPccs.body(Bytes.utf8("30 82"), Map.of()),
            "Failed to decode hex-encoded root CA CRL"),
        Arguments.of(
            ROOT_CRL,
            ScriptedPccs.status(404),
            "Could not find CRL distribution point in root certificate"));
  }

  @ParameterizedTest
  @MethodSource("answersThatAreNone")
  void refusesAsUnavailableWhenAnAnswerIsNone(
      String path, ScriptedPccs.Handler handler, String text) {
    pccs.on(path, handler);
    RefusalException refusal = refusal(service());

    assertThat(refusal).hasMessage(text.replace("{}", pccs.base() + path));
    assertThat(refusal.code()).isEqualTo(CollateralRefusal.UNAVAILABLE);
    assertThat(refusal.code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
  }

  @Test
  void t23_hangingServiceIsRefusedWithinTheDeadlineAndHoldsUpNobodyElse() throws Exception {
    CollateralService service = service(settings(Duration.ofSeconds(2), pccs.endpoint()));
    Collateral known = service.collateralFor(quote());
    World other = new World();
    other.pck(".4", PckParts.octets("00906ed50001"));
    UnverifiedQuote otherQuote = UnverifiedQuote.parse(other.quoteBytes());
    pccs.on(PCK_CRL, pccs.hang());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      Future<?> hanging = threads.submit(() -> service.collateralFor(otherQuote));
      awaitUntil(() -> pccs.requests.size() == 5);

      assertThat(service.collateralFor(quote())).isSameAs(known);
      assertThatThrownBy(hanging::get)
          .hasCauseInstanceOf(RefusalException.class)
          .hasMessageContaining("no answer in time");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void t23_bodyThatStallsIsRefusedWithinTheDeadline() {
    pccs.on(TCB, pccs.stall());
    CollateralService service = service(settings(Duration.ofSeconds(1), pccs.endpoint()));

    assertThat(refusal(service).code()).isEqualTo(CollateralRefusal.UNAVAILABLE);
  }

  @Test
  void t23_serviceThatHangsLeavesTimeForTheNext() {
    try (ScriptedPccs hanging = new ScriptedPccs()) {
      hanging.on(PCK_CRL, hanging.hang());
      CollateralService service =
          service(settings(Duration.ofSeconds(4), hanging.endpoint(), pccs.endpoint()));

      assertThat(service.collateralFor(quote())).isEqualTo(world.collateral());
    }
  }

  @Test
  void t24_olderIssueThanOneSeenIsNeverTakenThoughItIsInForce() {
    CollateralService service = service();
    World newer = newerWorld();
    pccs.serve(newer.collateral());
    Collateral kept = service.collateralFor(quote());

    pccs.serve(world.collateral());
    times.advance(Duration.ofHours(2));
    int before = pccs.requests.size();
    times.runScheduled();
    awaitUntil(() -> pccs.requests.size() == before + 4);
    // A second renewal shares the first or begins after it: either way the first has ended then.
    awaitUntil(() -> isQuiet(service));

    assertThat(service.collateralFor(quote())).isSameAs(kept);
    assertThat(kept).isEqualTo(newer.collateral());
  }

  private static boolean isQuiet(CollateralService service) {
    return service.isQuiet();
  }

  @Test
  void t24_newerIssueReplacesTheOneBefore() {
    CollateralService service = service();
    service.collateralFor(quote());
    World newer = newerWorld();
    pccs.serve(newer.collateral());
    times.advance(Duration.ofHours(2));
    times.runScheduled();

    awaitUntil(() -> service.collateralFor(quote()).equals(newer.collateral()));
  }

  @Test
  void t24_maximumAgeRefusesOldDocumentsThatAreInForce() {
    world.tcbInfo = world.tcbInfo.replace("2027-01-10T", "2026-12-14T");
    pccs.serve(world.collateral());
    CollateralSettings limits = settings(Duration.ofSeconds(20), pccs.endpoint());
    CollateralSettings withMaxAge =
        new CollateralSettings(
            limits.endpoints(),
            limits.connectTimeout(),
            limits.totalDeadline(),
            limits.refreshAfter(),
            limits.backOff(),
            4,
            Optional.empty(),
            Optional.of(CollateralSettings.MIN_MAX_AGE));

    assertThat(refusal(service(withMaxAge)).code()).isEqualTo(CollateralRefusal.TOO_OLD);
    assertThat(service(limits).collateralFor(quote())).isEqualTo(world.collateral());
  }

  @Test
  void t24_maximumAgeBelowThirtyOneDaysCannotBeConfigured() {
    CollateralSettings base = CollateralSettings.of(List.of(pccs.endpoint()));

    assertThatThrownBy(
            () ->
                new CollateralSettings(
                    base.endpoints(),
                    base.connectTimeout(),
                    base.totalDeadline(),
                    base.refreshAfter(),
                    base.backOff(),
                    1,
                    Optional.empty(),
                    Optional.of(Duration.ofDays(7))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Stream<Arguments> hostileAnswers() {
    World swapped = new World();
    swapped.tcbInfo("00906ED50000", "00906ED50001");
    World wrongCa = new World();
    wrongCa.pckCrl.key = "somebody";
    World foreignSigner = new World();
    foreignSigner.signer.badSignature = true;
    World revokedSigner = new World();
    revokedSigner.rootCrl.revoking(revokedSigner.signer.serial);
    World oldCrl = new World();
    oldCrl.pckCrl.nextUpdate = World.NOW;
    World noPckCrl = new World();
    noPckCrl.pckCrl.issuer = World.ROOT;
    World sgxIdentity = new World();
    sgxIdentity.qeIdentity("\"TD_QE\"", "\"QE\"");
    World expired = new World();
    expired.tcbInfo("2027-02-09T00:00:00Z", "2027-01-15T07:00:00Z");
    return Stream.of(
        Arguments.of("Fmspc mismatch", swapped),
        Arguments.of("Failed to verify PCK CRL: InvalidCrlSignatureForPublicKey", wrongCa),
        Arguments.of(
            "Failed to verify certificate chain: InvalidSignatureForPublicKey", foreignSigner),
        Arguments.of("Failed to verify certificate chain: CertRevoked", revokedSigner),
        Arguments.of("Failed to verify PCK CRL: CrlExpired", oldCrl),
        Arguments.of("Failed to verify PCK CRL: UnknownRevocationStatus", noPckCrl),
        Arguments.of(
            "Unsupported QE Identity id/version for the quote TEE type: QE version 2 (expected"
                + " TD_QE version [2, 3])",
            sgxIdentity),
        Arguments.of("TCBInfo expired", expired));
  }

  @ParameterizedTest
  @MethodSource("hostileAnswers")
  void t25_hostileServiceCausesOnlyARefusal(String text, World hostile) {
    pccs.serve(hostile.collateral());
    RefusalException refusal = refusal(service());

    assertThat(refusal).hasMessage(text);
    assertThat(refusal.code()).isEqualTo(CollateralRefusal.REJECTED);
  }

  @ParameterizedTest
  @MethodSource("hostileAnswers")
  void t25_hostileServiceCannotReplaceWhatIsKept(String text, World hostile) {
    CollateralService service = service();
    Collateral kept = service.collateralFor(quote());
    pccs.serve(hostile.collateral());
    times.advance(Duration.ofHours(2));
    times.runScheduled();
    awaitUntil(() -> pccs.requests.size() == 8 && service.isQuiet());

    assertThat(service.collateralFor(quote())).isSameAs(kept);
  }

  @ParameterizedTest
  @MethodSource("hostileAnswers")
  void t25_nextServiceIsAskedWhenTheFirstIsHostile(String text, World hostile) {
    try (ScriptedPccs first = ScriptedPccs.serving(hostile.collateral())) {
      CollateralService service =
          service(settings(Duration.ofSeconds(20), first.endpoint(), pccs.endpoint()));

      assertThat(service.collateralFor(quote())).isEqualTo(world.collateral());
    }
  }

  @Test
  void t25_truncatedAndHugeBodiesAreRefused() {
    pccs.on(TCB, ScriptedPccs.truncated(Bytes.utf8("{\"tcbInfo\":{}")));
    assertThat(refusal(service()).code()).isEqualTo(CollateralRefusal.UNAVAILABLE);

    pccs.on(TCB, ScriptedPccs.body(Bytes.zeros(Fetching.MAX_BODY + 1), Map.of()));
    assertThat(refusal(service()))
        .hasMessage("Failed to fetch " + pccs.base() + TCB + ": no complete answer");
  }

  @Test
  void keepsServingWhatIsInForceWhileAllServicesAreDownAndNotASecondLonger() {
    CollateralService service = service();
    Collateral kept = service.collateralFor(quote());
    pccs.close();
    // The TCB info's nextUpdate comes first of all: 2027-02-09T00:00:00Z, inclusive.
    times.advance(Duration.between(World.NOW, java.time.Instant.parse("2027-02-09T00:00:00Z")));
    times.runScheduled();
    awaitUntil(service::isQuiet);

    assertThat(service.collateralFor(quote())).isSameAs(kept);
    times.advance(Duration.ofSeconds(20));
    assertThat(refusal(service).code()).isEqualTo(CollateralRefusal.UNAVAILABLE);
  }

  @Test
  void leavesAKeyAloneForAWhileAfterAFailure() {
    pccs.on(PCK_CRL, ScriptedPccs.status(500));
    CollateralService service = service();
    RefusalException first = refusal(service);
    RefusalException second = refusal(service);

    assertThat(second).hasMessage(first.getMessage());
    assertThat(pccs.requests).hasSize(1);
    times.advance(Duration.ofSeconds(10));
    pccs.serve(world.collateral());
    assertThat(service.collateralFor(quote())).isEqualTo(world.collateral());
  }

  @Test
  void callersOfOneKeyShareOneFetch() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ScriptedPccs.Handler honest =
        ScriptedPccs.body(
            world.pckCrl.der(),
            Map.of(
                "SGX-PCK-CRL-Issuer-Chain",
                ScriptedPccs.encoded(world.collateral().pckCrlIssuerChain())));
    pccs.on(
        PCK_CRL,
        exchange -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          honest.answer(exchange);
        });
    CollateralService service = service();
    UnverifiedQuote quote = quote(); // once: the world that makes it is not for several threads
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Collateral>> callers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        callers.add(threads.submit(() -> service.collateralFor(quote)));
      }
      awaitUntil(() -> pccs.requests.size() == 1);
      go.countDown();
      for (Future<Collateral> caller : callers) {
        assertThat(caller.get()).isEqualTo(world.collateral());
      }
    }
    assertThat(pccs.requests).containsExactly(PCK_CRL, TCB, QE, ROOT_CRL);
  }

  @Test
  void refusesMoreKeysAtTheSameTimeThanAllowed() throws Exception {
    pccs.on(PCK_CRL, pccs.hang());
    CollateralService service =
        service(
            new CollateralSettings(
                List.of(pccs.endpoint()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                1,
                Optional.empty(),
                Optional.empty()));
    World other = new World();
    other.pck(".4", PckParts.octets("00906ed50001"));
    UnverifiedQuote otherQuote = UnverifiedQuote.parse(other.quoteBytes());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> service.collateralFor(quote()));
      awaitUntil(() -> pccs.requests.size() == 1);

      assertThatThrownBy(() -> service.collateralFor(otherQuote))
          .hasMessage("too many collateral requests are under way");
      assertThatThrownBy(first::get).hasCauseInstanceOf(RefusalException.class);
    }
  }

  @Test
  void platformsThatTheRootDidNotCertifyCauseNoRequest() {
    world.pck.badSignature = true;

    assertThat(refusal(service()).code()).isEqualTo(CollateralRefusal.CERTIFICATION_DATA);
    assertThat(pccs.requests).isEmpty();
  }

  @Test
  void readsBackWhatItKeptOnDiskWithoutAnyService(@TempDir Path folder) throws IOException {
    CollateralSettings settings = settings(Duration.ofSeconds(20), pccs.endpoint()).keptIn(folder);
    Collateral fetched = service(settings).collateralFor(quote());
    pccs.close();

    assertThat(service(settings).collateralFor(quote())).isEqualTo(fetched);
    assertThat(pccs.requests).hasSize(4);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("tdx-00906ed50000-platform.json"));
    }
  }

  static Stream<String> spoiledFiles() {
    World swapped = new World();
    swapped.tcbInfo("00906ED50000", "00906ED50001");
    World forged = new World();
    forged.tcbInfoSignature = Optional.of(Bytes.zeros(64));
    return Stream.of(
        "",
        "{",
        "[]",
        new World().collateral().toJson().replace("UpToDate", "OutOfDate"),
        swapped.collateral().toJson(),
        forged.collateral().toJson());
  }

  @ParameterizedTest
  @MethodSource("spoiledFiles")
  void fileThatDoesNotVerifyIsNotUsed(String content, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("tdx-00906ed50000-platform.json");
    Files.writeString(file, content);
    CollateralSettings settings = settings(Duration.ofSeconds(20), pccs.endpoint()).keptIn(folder);

    assertThat(service(settings).collateralFor(quote())).isEqualTo(world.collateral());
    assertThat(pccs.requests).hasSize(4);
    assertThat(Files.readString(file)).isEqualTo(world.collateral().toJson());
  }

  @Test
  void folderThatCannotBeWrittenCostsOnlyTheCopy(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    CollateralSettings settings = settings(Duration.ofSeconds(20), pccs.endpoint()).keptIn(file);

    assertThat(service(settings).collateralFor(quote())).isEqualTo(world.collateral());
  }

  @Test
  void renewsAtTimesThatVary() {
    service();
    for (int i = 0; i < 20; i++) {
      times.runScheduled();
    }

    assertThat(times.delaysInMillis)
        .hasSize(21)
        .allSatisfy(delay -> assertThat(delay).isBetween(675_000L, 1_125_000L))
        .satisfies(delays -> assertThat(delays.stream().distinct().count()).isGreaterThan(10));
  }

  @Test
  void tellsTheAgeOfWhatIsKept() {
    CollateralService service = service();
    assertThat(service.ages()).isEmpty();
    service.collateralFor(quote());

    assertThat(service.ages())
        .singleElement()
        .satisfies(
            age -> {
              assertThat(age.key()).hasToString("tdx-00906ed50000-platform");
              assertThat(age.keptSince()).isEqualTo(World.NOW);
              assertThat(age.oldestIssue()).isEqualTo("2027-01-10T00:00:00Z");
              assertThat(age.validUntil()).isEqualTo("2027-02-09T00:00:00Z");
            });
    assertThat(service.fetched()).isOne();
    assertThat(service.failures()).isZero();
  }

  @Test
  void fetchesTheChainOfAPlatformThatNamesItselfByItsEncryptedPpid() {
    namesItselfByItsEncryptedPpid();
    String issuers = ScriptedPccs.encoded(ScriptedPccs.chain(world.pckCa, world.root));
    Bytes leaf = Bytes.utf8(Certs.pem(world.pckDer()));
    pccs.on(
        PLATFORM,
        ScriptedPccs.body(
            leaf,
            Map.of(
                "SGX-PCK-Certificate-Issuer-Chain",
                issuers,
                "SGX-TCBm",
                "05".repeat(16) + "0b00" + "ffff")));

    Collateral collateral = service().collateralFor(quote());
    assertThat(collateral.pckCertificateChain())
        .contains(leaf.utf8Text() + "\n" + ScriptedPccs.chain(world.pckCa, world.root));

    pccs.on(
        PLATFORM,
        ScriptedPccs.body(
            leaf,
            Map.of(
                "SGX-PCK-Certificate-Issuer-Chain",
                issuers,
                "SGX-TCBm",
                "05".repeat(16) + "0a00")));
    assertThat(refusal(service()).getMessage())
        .startsWith("Failed to get PCK certificate chain: TCB level mismatch: ");
    pccs.on(PLATFORM, ScriptedPccs.status(404));
    assertThat(refusal(service()))
        .hasMessage(
            "Failed to get PCK certificate chain: Failed to fetch PCK certificate from "
                + pccs.base()
                + PLATFORM
                + ": HTTP 404");
  }

  private static final String PLATFORM =
      "/sgx/certification/v4/pckcert?qeid="
          + "00".repeat(16)
          + "&encrypted_ppid="
          + "AB".repeat(384)
          + "&cpusvn="
          + "05".repeat(16)
          + "&pcesvn=0B00&pceid=0000";

  private void namesItselfByItsEncryptedPpid() {
    world.quote(
        q -> {
          q.innerType = 3;
          q.innerData = Bytes.fromHex("ab".repeat(384) + "05".repeat(16) + "0b00" + "0000");
        });
  }

  /** Nothing about such a quote is verified before its chain is there, so anybody can ask. */
  @Test
  void t23_asksForNoMoreChainsAtATimeThanItMay() throws Exception {
    UnverifiedQuote known = quote();
    namesItselfByItsEncryptedPpid();
    UnverifiedQuote platform = quote();
    CollateralService service = service(settings(Duration.ofSeconds(60), pccs.endpoint()));
    Collateral kept = service.collateralFor(known);
    int before = pccs.requests.size();
    pccs.on(PLATFORM, pccs.hang());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        var _ = threads.submit(() -> service.collateralFor(platform));
      }
      awaitUntil(() -> pccs.requests.size() == before + 4);
      assertThatThrownBy(() -> service.collateralFor(platform))
          .isInstanceOfSatisfying(
              RefusalException.class,
              e -> assertThat(e.code()).isEqualTo(CollateralRefusal.UNAVAILABLE))
          .hasMessageContaining("too many PCK certificates are being fetched");
      assertThat(service.collateralFor(known)).isSameAs(kept);
      assertThat(pccs.requests).hasSize(before + 4);
      service.close();
    }
  }

  @Test
  void t23_chainServiceThatHangsLeavesTimeForTheNext() {
    namesItselfByItsEncryptedPpid();
    try (ScriptedPccs hanging = new ScriptedPccs()) {
      hanging.on(PLATFORM, hanging.hang());
      pccs.on(PLATFORM, ScriptedPccs.status(404));
      CollateralService service =
          service(settings(Duration.ofSeconds(4), hanging.endpoint(), pccs.endpoint()));
      assertThat(refusal(service)).hasMessageContaining("no answer in time");
      assertThat(pccs.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(ints = {1, 4, 6, 7})
  void refusesCertificationDataThatNamesNoPlatform(int type) {
    world.quote(q -> q.innerType = type);

    assertThat(refusal(service()))
        .hasMessage(
            "Failed to get PCK certificate chain: Unsupported certification data type: " + type);
  }

  @Test
  void refusesChainsWithoutAPlatform() {
    CollateralService service = service();
    world.pckChain = Optional.of("");
    assertThat(refusal(service)).hasMessage("Empty certificate chain");

    world.pckChain = Optional.of("-----BEGIN CERTIFICATE-----");
    assertThat(refusal(service))
        .hasMessage("Failed to extract certificates from PEM chain: Failed to parse certs");

    world.pckChain = Optional.of(Certs.pem(Bytes.fromHex("3000")));
    assertThat(refusal(service)).hasMessage("Failed to decode certificate: BadDer");

    world.pckChain = Optional.of(ScriptedPccs.chain(world.signer));
    assertThat(refusal(service)).hasMessage("Intel extension not found");
  }

  @Test
  void crlsThatStandInEachOthersPlaceAreNotKept() {
    Crls root = world.rootCrl;
    pccs.on(
        PCK_CRL,
        ScriptedPccs.body(
            root.der(),
            Map.of(
                "SGX-PCK-CRL-Issuer-Chain",
                ScriptedPccs.encoded(world.collateral().pckCrlIssuerChain()))));
    pccs.on(ROOT_CRL, ScriptedPccs.body(Bytes.utf8(world.pckCrl.der().hex()), Map.of()));

    assertThat(refusal(service())).hasMessage("UnknownRevocationStatus");
  }
}
