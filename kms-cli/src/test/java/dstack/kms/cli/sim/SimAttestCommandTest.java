package dstack.kms.cli.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SimAttestCommandTest {
  private static final String REPORT_DATA = "5a".repeat(64);

  @TempDir private Path folder;

  private Run attest(String... more) {
    List<String> arguments = new ArrayList<>(List.of("sim", "attest", "--dir", folder.toString()));
    arguments.addAll(List.of("--report-data", REPORT_DATA));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private Run verify(Path file, String... more) {
    List<String> arguments = new ArrayList<>(List.of("verify", "attestation", file.toString()));
    arguments.addAll(List.of("--root-ca", folder.resolve("roots/root-ca.pem").toString()));
    arguments.addAll(List.of("--collateral", folder.resolve("collateral.json").toString()));
    arguments.addAll(List.of("--json"));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private JsonNode attestedAndVerified(String... more) throws IOException {
    Run attested = attest(more);
    assertThat(attested.err()).isEmpty();
    Path file = Files.writeString(folder.resolve("a.hex"), attested.out());
    Run verified = verify(file, "--report-data", REPORT_DATA);
    assertThat(verified.status()).as(verified.out()).isZero();
    return JsonMapper.shared().readTree(verified.out());
  }

  @Test
  void writesEvidenceThatVerifiesUnderTheRootsOfTheFolderOnly() throws IOException {
    Path file = folder.resolve("a.bin");

    assertThat(attest("-o", file.toString()).status()).isZero();

    assertThat(verify(file).status()).isZero();
    Run underIntel =
        Run.of(
            "verify",
            "attestation",
            file.toString(),
            "--collateral",
            folder.resolve("collateral.json").toString());
    assertThat(underIntel.status()).isEqualTo(1);
  }

  @Test
  void provesTheIdentityThatWasAskedFor() throws IOException {
    JsonNode bootInfo =
        attestedAndVerified(
                "--app-id", "01".repeat(20),
                "--compose-hash", "02".repeat(32),
                "--instance-id", "03".repeat(20),
                "--os-image-hash", "04".repeat(32),
                "--key-provider", "{\"name\":\"kms\",\"id\":\"05\"}")
            .get("boot_info");

    assertThat(bootInfo.get("appId").stringValue()).isEqualTo("01".repeat(20));
    assertThat(bootInfo.get("composeHash").stringValue()).isEqualTo("02".repeat(32));
    assertThat(bootInfo.get("instanceId").stringValue()).isEqualTo("03".repeat(20));
    assertThat(bootInfo.get("osImageHash").stringValue()).isEqualTo("04".repeat(32));
    assertThat(bootInfo.get("keyProviderInfo").stringValue())
        .isEqualTo("7b226e616d65223a226b6d73222c226964223a223035227d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UpToDate",
        "SWHardeningNeeded",
        "ConfigurationNeeded",
        "ConfigurationAndSWHardeningNeeded",
        "OutOfDate",
        "OutOfDateConfigurationNeeded"
      })
  void leadsToTheTcbStatusThatWasAskedFor(String status) throws IOException {
    JsonNode answer = attestedAndVerified("--tcb", status);

    assertThat(answer.get("tcb_status").stringValue()).isEqualTo(status);
  }

  @Test
  void makesRevokedEvidenceThatIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("a.hex"), attest("--tcb", "Revoked").out());

    Run verified = verify(file);

    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.out()).contains("TCB status is invalid: Revoked");
  }

  @Test
  void writesTheContainerThatWasAskedFor() {
    assertThat(attest().out()).startsWith("00");
    assertThat(attest("--container", "0").out()).startsWith("00");
    assertThat(attest("--container", "1").out()).startsWith("8");
  }

  @Test
  void givesEachDeviceAnIdOfItsOwn() throws IOException {
    JsonNode first = attestedAndVerified("--device", "0").get("boot_info").get("deviceId");
    JsonNode other = attestedAndVerified("--device", "1").get("boot_info").get("deviceId");

    assertThat(first).isNotEqualTo(other);
  }

  @ParameterizedTest
  @CsvSource({
    "--report-data, 00",
    "--report-data, xyz",
    "--container, 2",
    "--tcb, Fine",
    "--device, -1",
    "--app-id, 0",
    "--compose-hash, zz",
    "--platform, sgx",
    "--unknown, 1"
  })
  void answersWrongUsageWithStatus2(String option, String value) {
    Run run = Run.of("sim", "attest", "--dir", folder.toString(), option, value);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).endsWith("see: kms sim attest --help\n");
  }

  @ParameterizedTest
  @CsvSource({"tdx,0000", "gcp-tdx,0001", "nitro,0002", "sev-snp,0003", "nitro-tpm,0004"})
  void writesEvidenceOfThePlatformThatWasAskedFor(String platform, String prefix) {
    Run run = attest("--platform", platform);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith(prefix);
    assertThat(attest("--platform", platform, "--container", "1").out()).startsWith("83");
  }

  @Test
  void saysInOneSentenceThatItCannotWrite() {
    Run run = attest("-o", folder.resolve("none/a.bin").toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("kms: cannot write ").doesNotContain("\tat ");
  }

  @Test
  void saysInOneSentenceThatItCannotUseTheFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    Run run = Run.of("sim", "config", "--dir", file.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("kms: cannot use the folder ").doesNotContain("\tat ");
  }

  @Test
  void printsAConfigurationThatTheServerWouldStartOn() throws IOException {
    Run printed = Run.of("sim", "config", "--dir", folder.toString());
    Path file = Files.writeString(folder.resolve("kms.toml"), printed.out());

    Run checked = Run.of("config", "check", "-c", file.toString());

    assertThat(checked.err()).isEmpty();
    assertThat(checked.status()).isZero();
    assertThat(checked.out()).contains("weakened: ");
  }
}
