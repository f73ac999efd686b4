package dstack.kms.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.reportdata.ReportData;
import dstack.kms.sim.pccs.PccsFault;
import dstack.kms.sim.pccs.SimulatedPccs;
import dstack.kms.sim.platform.SimulatedIdentity;
import dstack.kms.sim.platform.SimulatedPlatform;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verification without a collateral file: a service is asked, and what it says is checked. */
@Timeout(120)
final class FetchedCollateralTest {
  private static final String REPORT_DATA = "11".repeat(64);

  @TempDir private Path folder;
  private SimulatedPlatform platform;
  private SimulatedPccs pccs;

  @BeforeEach
  void serve() throws IOException {
    platform = SimulatedPlatform.open(folder, InstantSource.system(), new SecureRandom());
    pccs = SimulatedPccs.serve(0, platform);
  }

  @AfterEach
  void close() {
    pccs.close();
  }

  private Run verifyAttestation(String url) {
    Path file = folder.resolve("a.bin");
    Run.of(
        "sim",
        "attest",
        "--dir",
        folder.toString(),
        "--report-data",
        REPORT_DATA,
        "-o",
        file.toString());
    return Run.of(
        "verify",
        "attestation",
        file.toString(),
        "--root-ca",
        platform.rootCertificateFile().toString(),
        "--pccs",
        url,
        "--json");
  }

  @Test
  void acceptsAnAttestationWithTheCollateralOfTheService() {
    Run run = verifyAttestation(pccs.url());

    assertThat(run.status()).as(run.out()).isZero();
    assertThat(run.out()).contains("\"tcb_status\":\"UpToDate\"");
  }

  @Test
  void acceptsAQuoteWithTheCollateralOfTheService() throws IOException {
    ReportData reportData = ReportData.ofCertificateKey(Bytes.utf8("any key"));
    Bytes quote = platform.boot(SimulatedIdentity.standard()).quote(reportData);
    Path file = Files.write(folder.resolve("q.bin"), quote.toArray());

    Run run =
        Run.of(
            "verify",
            "quote",
            file.toString(),
            "--root-ca",
            platform.rootCertificateFile().toString(),
            "--pccs",
            pccs.url() + "/sgx/certification/v4/");

    assertThat(run.status()).as(run.err()).isZero();
  }

  @Test
  void endsWith3WhenNobodyListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    Run run = verifyAttestation("http://127.0.0.1:" + port);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).contains("\"code\":\"collateral-unavailable\"");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNAVAILABLE", "HUGE", "TRUNCATED", "NO_HEADERS", "GARBAGE", "REDIRECT"})
  void neverDecidesOnWhatABrokenServiceSays(PccsFault way) {
    pccs.misbehave(way);

    assertThat(verifyAttestation(pccs.url()).status()).isEqualTo(3);
  }

  @Test
  void refusesAMalformedQuoteBeforeAnythingIsAsked() throws IOException {
    Path file = Files.write(folder.resolve("q.bin"), new byte[] {4, 0, 2, 0});

    Run run = Run.of("verify", "quote", file.toString(), "--pccs", pccs.url(), "--json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("Failed to parse quote");
    assertThat(pccs.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://x", "x", "http://user:pw@127.0.0.1", "http://127.0.0.1/?a=b"})
  void answersABadAddressWithStatus2(String url) {
    String quote = Vectors.path("tdx/tdx_quote_v4_a.bin").toString();

    Run run = Run.of("verify", "quote", quote, "--pccs", url);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--pccs");
  }
}
