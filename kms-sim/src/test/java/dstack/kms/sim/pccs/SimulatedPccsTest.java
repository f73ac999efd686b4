package dstack.kms.sim.pccs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.sim.collateral.SimulatedCollateral;
import dstack.kms.sim.fault.CollateralFault;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.sim.testing.Openssl;
import dstack.kms.sim.testing.Program;
import dstack.kms.sim.testing.TestPlatform;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The URLs are those of specification 11 §5. */
final class SimulatedPccsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(TestPlatform.NOW);
  private SimulatedPlatform platform;
  private SimulatedPccs pccs;

  @BeforeEach
  void serve() throws IOException {
    platform = TestPlatform.in(folder, now::get);
    pccs = SimulatedPccs.serve(0, platform);
  }

  @AfterEach
  void close() {
    pccs.close();
  }

  @ParameterizedTest
  @CsvSource({"platform,Platform", "processor,Processor"})
  void servesThePckCrlInDerWithItsChain(String ca, String name) throws IOException {
    Path crl = folder.resolve("pck.crl");
    Program answer =
        curl(
            "/sgx/certification/v4/pckcrl?ca=" + ca + "&encoding=der", "-D-", "-o", crl.toString());
    assertThat(chain(answer.output(), "SGX-PCK-CRL-Issuer-Chain")).hasSize(2);
    Program text =
        new Openssl(folder).run("crl", "-inform", "der", "-in", crl.toString(), "-noout", "-text");
    assertThat(text.output()).contains("SIMULATED SGX PCK " + name + " CA");
  }

  @ParameterizedTest
  @CsvSource({"tdx,TDX", "sgx,SGX"})
  void servesTcbInfoWithItsSignatureAndChain(String kind, String id) {
    Program answer = curl("/" + kind + "/certification/v4/tcb?fmspc=51D51D51D000", "-D-");
    assertThat(chain(answer.output(), "TCB-Info-Issuer-Chain")).hasSize(2);
    JsonNode body = body(answer);
    assertThat(body.propertyNames()).containsExactly("tcbInfo", "signature");
    assertThat(body.at("/tcbInfo/id").stringValue()).isEqualTo(id);
  }

  @Test
  void servedTextIsTheSignedTextToTheByte() {
    String body = curl("/tdx/certification/v4/tcb?fmspc=51d51d51d000").output();
    SimulatedCollateral right = platform.collateral();
    assertThat(body)
        .isEqualTo(
            "{\"tcbInfo\":"
                + right.tcbInfo().text()
                + ",\"signature\":\""
                + right.tcbInfo().signature().rs().hex()
                + "\"}");
  }

  @ParameterizedTest
  @CsvSource({"tdx,TD_QE", "sgx,QE"})
  void servesTheQeIdentity(String kind, String id) {
    Program answer = curl("/" + kind + "/certification/v4/qe/identity?update=standard", "-D-");
    assertThat(chain(answer.output(), "SGX-Enclave-Identity-Issuer-Chain")).hasSize(2);
    assertThat(body(answer).at("/enclaveIdentity/id").stringValue()).isEqualTo(id);
  }

  @Test
  void servesTheRootCrlAsHexText() {
    Bytes der = Bytes.fromHex(curl("/sgx/certification/v4/rootcacrl").output());
    Path file = new Openssl(folder).file("root.crl", der);
    assertThat(
            new Openssl(folder)
                .run("crl", "-inform", "der", "-in", file.toString(), "-noout", "-issuer")
                .output())
        .contains("SIMULATED SGX Root CA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tdx/certification/v4/tcb?fmspc=B0C06F000000",
        "/tdx/certification/v4/tcb",
        "/sgx/certification/v4/pckcrl?ca=other",
        "/sgx/certification/v4/pckcrl",
        "/sgx/certification/v3/rootcacrl",
        "/",
      })
  void knowsNothingElse(String target) {
    assertThat(curl(target, "-w", "%{http_code}").output()).endsWith("404");
  }

  @Test
  void listensOnLoopbackOnly() {
    assertThat(pccs.url()).isEqualTo("http://127.0.0.1:" + pccs.port());
    String listeners = Program.run("cat", "/proc/net/tcp", "/proc/net/tcp6").output();
    String port = ":" + java.util.HexFormat.of().withUpperCase().toHexDigits((short) pccs.port());
    assertThat(listeners.lines().filter(line -> line.contains(port + " ") && line.contains(" 0A ")))
        .singleElement()
        .asString()
        .contains("0100007F" + port);
  }

  @Test
  void makesCollateralAnewBeforeItExpires() {
    String first = curl("/tdx/certification/v4/tcb?fmspc=51d51d51d000").output();
    now.set(TestPlatform.NOW.plus(Duration.ofDays(10)));
    assertThat(curl("/tdx/certification/v4/tcb?fmspc=51d51d51d000").output()).isEqualTo(first);
    now.set(TestPlatform.NOW.plus(Duration.ofDays(20)));
    assertThat(curl("/tdx/certification/v4/tcb?fmspc=51d51d51d000").output())
        .contains("\"issueDate\":\"2026-03-21T11:00:00Z\"");
  }

  @Test
  void servesWhatItIsToldToForgeUntilItIsToldOtherwise() {
    String target = "/tdx/certification/v4/tcb?fmspc=51d51d51d000";
    pccs.inject(CollateralFault.EXPIRED_TCB_INFO);
    assertThat(curl(target).output()).contains("\"nextUpdate\":\"2026-03-01T11:59:59Z\"");
    pccs.inject();
    assertThat(curl(target).output()).contains("\"nextUpdate\":\"2026-03-31T11:00:00Z\"");
  }

  @Test
  void misbehavesAsTold() {
    String target = "/tdx/certification/v4/qe/identity?update=standard";
    int right = curl(target).output().length();
    pccs.misbehave(PccsFault.UNAVAILABLE);
    assertThat(curl(target, "-w", "%{http_code}").output()).endsWith("503");
    pccs.misbehave(PccsFault.TRUNCATED);
    assertThat(curl(target).output()).hasSize(right / 2);
    pccs.misbehave(PccsFault.NO_HEADERS);
    assertThat(curl(target, "-D-").output()).doesNotContainIgnoringCase("issuer-chain");
    pccs.misbehave(PccsFault.GARBAGE);
    assertThat(curl(target).output()).isEqualTo("<html>welcome</html>");
    pccs.misbehave(PccsFault.REDIRECT);
    assertThat(curl(target, "-w", "%{http_code}").output()).isEqualTo("302");
    pccs.misbehave(PccsFault.NONE);
    assertThat(curl(target).output()).hasSize(right);
  }

  @Test
  void sendsTheHugeAnswerInFull() throws IOException {
    pccs.misbehave(PccsFault.HUGE);
    Path answer = folder.resolve("huge");
    curl("/sgx/certification/v4/rootcacrl", "-o", answer.toString());
    assertThat(Files.size(answer)).isGreaterThan(64L * 1024 * 1024);
  }

  @Test
  void silentServiceNeverAnswersAndStillCloses() {
    pccs.misbehave(PccsFault.SILENT);
    Program verdict = curl("/sgx/certification/v4/rootcacrl", "--max-time", "1");
    assertThat(verdict.output()).contains("timed out");
    pccs.close();
  }

  @Test
  void remembersWhatWasAsked() {
    curl("/sgx/certification/v4/rootcacrl");
    curl("/nothing?x=y");
    assertThat(pccs.requests()).containsExactly("/sgx/certification/v4/rootcacrl", "/nothing?x=y");
  }

  @Test
  void refusesOtherMethods() {
    assertThat(curl("/sgx/certification/v4/rootcacrl", "-d", "x", "-w", "%{http_code}").output())
        .endsWith("405");
  }

  @Test
  void refusesAPortThatIsTaken() {
    assertThatThrownBy(() -> SimulatedPccs.serve(pccs.port(), platform))
        .isInstanceOf(IOException.class);
  }

  private Program curl(String target, String... arguments) {
    java.util.List<String> all = new java.util.ArrayList<>(java.util.List.of("-sS"));
    all.addAll(java.util.List.of(arguments));
    all.add(pccs.url() + target);
    return Program.run("curl", all.toArray(String[]::new));
  }

  private static JsonNode body(Program answer) {
    return JSON.readTree(answer.output().split("\r\n\r\n", 2)[1]);
  }

  /** The certificates in that header, percent-decoded. */
  private static java.util.List<String> chain(String answer, String header) {
    Matcher line =
        Pattern.compile("^" + header + ": (\\S+)\r\n", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE)
            .matcher(answer);
    assertThat(line.find()).isTrue();
    assertThat(line.group(1)).doesNotContain("+");
    String pem = URLDecoder.decode(line.group(1), StandardCharsets.UTF_8);
    return Pattern.compile("-----BEGIN CERTIFICATE-----")
        .matcher(pem)
        .results()
        .map(java.util.regex.MatchResult::group)
        .toList();
  }
}
