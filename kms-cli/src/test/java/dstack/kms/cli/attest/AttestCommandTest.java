package dstack.kms.cli.attest;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.FakeConfigfs;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code kms attest}: answers, refusals and their statuses. */
final class AttestCommandTest {
  private static final String REPORT_DATA = "5a".repeat(64);

  @TempDir private Path folder;

  private Run attest(String... more) {
    List<String> arguments = new ArrayList<>(List.of("attest", "--report-data", REPORT_DATA));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  /** The command on a TDX guest of files: an entry, event logs and a configuration. */
  private Run onTdxGuest(FakeConfigfs configfs, String... more) throws IOException {
    Files.write(folder.resolve("ccel"), Vectors.bytes("tdx/ccel_dstack.bin"));
    Path entry = configfs.entry("com.intel.dcap");
    configfs.watch();
    Path file =
        Files.writeString(
            folder.resolve("kms.toml"),
            """
            [core]
            quote_source = "tdx"
            [core.device]
            configfs_entry = "%s"
            ccel = "%s"
            runtime_events = "%s"
            host_shared = "%s"
            """
                .formatted(entry, folder.resolve("ccel"), folder.resolve("none"), folder));
    List<String> arguments = new ArrayList<>(List.of("-c", file.toString()));
    arguments.addAll(List.of(more));
    return attest(arguments.toArray(String[]::new));
  }

  private FakeConfigfs configfs() {
    return new FakeConfigfs(folder.resolve("report"), AttestCommandTest::quoteOver);
  }

  /** A real quote with other report data: it parses, and nobody accepts it. */
  private static byte[] quoteOver(byte[] reportData) {
    byte[] quote = Vectors.bytes("tdx/tdx_quote_v4_a.bin");
    System.arraycopy(reportData, 0, quote, 568, 64);
    return quote;
  }

  @Test
  void printsTheAttestationInHexadecimal() throws IOException {
    try (FakeConfigfs configfs = configfs()) {
      Run run = onTdxGuest(configfs);

      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out().strip()).matches("0000[0-9a-f]+").contains(REPORT_DATA);
    }
  }

  @Test
  void writesTheRawBytesToAFile() throws IOException {
    Path file = folder.resolve("a.bin");
    try (FakeConfigfs configfs = configfs()) {
      Run run = onTdxGuest(configfs, "-o", file.toString());

      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out()).isEmpty();
      assertThat(Files.readAllBytes(file)).startsWith(0, 0);
    }
  }

  @Test
  void refusesAFileThatCannotBeWritten() throws IOException {
    try (FakeConfigfs configfs = configfs()) {
      Run run = onTdxGuest(configfs, "-o", folder.resolve("no/such/a.bin").toString());

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).startsWith("kms: cannot write ");
    }
  }

  @Test
  void refusesEvidenceAboutOtherReportData() throws IOException {
    try (FakeConfigfs configfs =
        new FakeConfigfs(folder.resolve("report"), request -> quoteOver(new byte[64]))) {
      Run run = onTdxGuest(configfs, "--json");

      assertThat(run.status()).isEqualTo(1);
      assertThat(JsonMapper.shared().readTree(run.out()).get("code").stringValue())
          .isEqualTo("device-wrong-report-data");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "agent, core.agent_address=unix:/nonexistent/a.sock, agent-unreachable",
    "tdx, core.device.configfs=/nonexistent, device-not-supported",
    "nitro, core.device.nsm=/nonexistent/nsm, device-failure",
  })
  void endsWithThreeWithoutItsAgentOrDevice(String source, String setting, String code) {
    Run run = attest("--source", source, "--set", setting, "--json");

    assertThat(run.status()).isEqualTo(3);
    assertThat(JsonMapper.shared().readTree(run.out()).get("code").stringValue()).isEqualTo(code);
  }

  @Test
  void saysWhichDeviceIsMissing() {
    Run run = attest("--source", "nitro", "--set", "core.device.nsm=/nonexistent/nsm");

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err().strip())
        .isEqualTo(
            "kms: device failure: open /nonexistent/nsm: No such file or directory (os error 2)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TDX", "sim", "", "simulator"})
  void refusesASourceThatIsNone(String source) {
    Run run = attest("--source", source);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("expected one of agent, tdx, gcp-tdx, nitro, nitro-tpm, sev-snp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "zz"})
  void refusesReportDataOfAnotherForm(String reportData) {
    assertThat(Run.of("attest", "--report-data", reportData).status()).isEqualTo(2);
    assertThat(Run.of("attest").status()).isEqualTo(2);
  }

  @Test
  void explainsItself() {
    Run run = Run.of("attest", "--help");

    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("--report-data", "--source", "--output", "core.quote_source");
  }
}
