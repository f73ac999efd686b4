package dstack.kms.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The worked vectors of specification 12 §8, A and B. */
final class VerifyAttestationCommandTest {
  private static final String V0 = "tdx/dstack_attestation_v0.bin";
  private static final String QUOTE_REPORT = "tdx/dstack_quote_report.json";
  private static final String OS_IMAGE =
      "14ad42d0270b444eaeb53918a5a94d9b17eec7a817cd336173b17c5327541c67";

  @TempDir private Path folder;

  private static Run verifyA(Path file, String... more) {
    return verify(file, "tdx/fmspc_B0C06F000000_2026-08.collateral.json", "1789171030", more);
  }

  private static Run verifyB(Path file, String... more) {
    return verify(file, "tdx/fmspc_90C06F000000_2026-02.collateral.json", "1774003274", more);
  }

  private static Run verify(Path file, String collateral, String now, String... more) {
    List<String> arguments = new ArrayList<>(List.of("verify", "attestation", file.toString()));
    arguments.addAll(List.of("--collateral", Vectors.path(collateral).toString(), "--now", now));
    arguments.addAll(List.of(more));
    return Run.of(arguments.toArray(String[]::new));
  }

  private static JsonNode accepted(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return JsonMapper.shared().readTree(run.out());
  }

  private static String bootInfo(JsonNode answer, String name) {
    return answer.get("boot_info").get(name).stringValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        V0,
        "tdx/dstack_attestation_v0.stripped-legacy.bin",
        "tdx/dstack_attestation_v0.stripped-current.bin",
        "tdx/dstack_attestation_v1.msgpack"
      })
  void provesTheSameIdentityFromEveryContainer(String name) {
    JsonNode answer = accepted(verifyA(Vectors.path(name), "--json"));

    assertThat(answer.propertyNames())
        .containsExactly("tee_variant", "tcb_status", "advisory_ids", "boot_info", "report_data");
    assertThat(answer.get("tee_variant").stringValue()).isEqualTo("dstack-tdx");
    assertThat(answer.get("tcb_status").stringValue()).isEqualTo("UpToDate");
    assertThat(answer.get("advisory_ids").size()).isZero();
    assertThat(bootInfo(answer, "mrSystem"))
        .isEqualTo("51ea38f8eee6dc72dbae9b74531ae6d6204295d265dabb4e6c34621a2a1a1197");
    assertThat(bootInfo(answer, "mrAggregated"))
        .isEqualTo("85334a62c97d0f8bf82d0245d31b539d17a2d7c258e2a13efc928aaea0e107cb");
    assertThat(bootInfo(answer, "appId")).isEqualTo("5bb4ff9a3837357f19dc176407a5709c62eb6c56");
    assertThat(bootInfo(answer, "instanceId"))
        .isEqualTo("1691ed1b47506cad7d08834668691d88246f5b1f");
    assertThat(bootInfo(answer, "composeHash"))
        .isEqualTo("c143116fef3940e7f776bfc0919c256232ae5338a6e948c96b711e0b2383483a");
    assertThat(bootInfo(answer, "deviceId"))
        .isEqualTo("c07347d88ac7ef3d42d02ceb80a0e3ac66981cf7382f72d0692ec591ea58cf1f");
    assertThat(bootInfo(answer, "osImageHash")).isEmpty();
  }

  @Test
  void measuresUpToTheEndOfBootingWhenAsked() {
    JsonNode answer = accepted(verifyA(Vectors.path(V0), "--boottime", "--json"));

    assertThat(bootInfo(answer, "mrSystem"))
        .isEqualTo("ef6af583432288c877e412740aa7d8a844a18920ad98e9b1d95d42a07a3044c8");
    assertThat(bootInfo(answer, "mrAggregated"))
        .isEqualTo("787f9fe525fcb61e81f31a30225a86674412088f2f1b683a421a7e9cbcd40551");
    assertThat(bootInfo(answer, "keyProviderInfo")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', e1ae776a1492d4f87937b7e563d265c16300be4aba5d748207587023bb7dbb75,"
        + " 233c659f83048505bb1ef7f105245aa80f5d04e3d096c329da272d7ee13fbf38",
    "--boottime, 3d124836c59609fdfdb93185f7d251268d7da9b3f95e9a43cee5c4edc10a5b5f,"
        + " f9a9159f75a175a0a65052b78f764a312456db56f5c397c600d08445ab68937b"
  })
  void readsTheAnswerOfAGuestAgent(String flag, String mrSystem, String mrAggregated) {
    String[] more = flag.isEmpty() ? new String[] {"--json"} : new String[] {"--json", flag};

    JsonNode answer = accepted(verifyB(Vectors.path(QUOTE_REPORT), more));

    assertThat(bootInfo(answer, "mrSystem")).isEqualTo(mrSystem);
    assertThat(bootInfo(answer, "mrAggregated")).isEqualTo(mrAggregated);
    assertThat(bootInfo(answer, "appId")).isEqualTo("3763bc34552cf3a27ff71ad5f7a90471562a1a2d");
    assertThat(bootInfo(answer, "instanceId"))
        .isEqualTo("c3714eb66990eace777b4e664c16e09375dec4c9");
    assertThat(bootInfo(answer, "osImageHash")).isEqualTo(OS_IMAGE);
    assertThat(answer.get("report_data").stringValue()).isEqualTo("1234" + "0".repeat(124));
  }

  @Test
  void readsAnAttestationInHexadecimal() throws IOException {
    String hex = HexFormat.of().formatHex(Vectors.bytes(V0));

    assertThat(verifyA(Files.writeString(folder.resolve("a.hex"), hex + "\n")).status()).isZero();
  }

  @Test
  void takesTheVmConfigurationOfARequest() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("vm.json"), "{\"os_image_hash\":\"" + "ab".repeat(32) + "\"}");

    JsonNode answer =
        accepted(verifyA(Vectors.path(V0), "--vm-config", config.toString(), "--json"));

    assertThat(bootInfo(answer, "osImageHash")).isEqualTo("ab".repeat(32));
  }

  @Test
  void acceptsTheReportDataThatTheEvidenceIsBoundTo() {
    Run run = verifyB(Vectors.path(QUOTE_REPORT), "--report-data", "0x1234" + "0".repeat(124));

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("accepted: dstack-tdx, TCB status UpToDate\n");
  }

  @Test
  void refusesOtherReportData() {
    Run run =
        verifyB(Vectors.path(QUOTE_REPORT), "--json", "--report-data", "1235" + "0".repeat(124));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            "{\"error\":\"report data mismatch\",\"code\":\"expected-report-data-mismatch\"}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12", "1234", "zz", "1"})
  void answersReportDataOfAnotherLengthWithStatus2(String text) {
    Run run = verifyB(Vectors.path(QUOTE_REPORT), "--report-data", text);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--report-data");
  }

  @Test
  void refusesEvidenceWithAnotherEvent() throws IOException {
    String appId = "5bb4ff9a3837357f19dc176407a5709c62eb6c56";
    String other =
        HexFormat.of().formatHex(Vectors.bytes(V0)).replace(appId, appId.replace('5', '6'));

    Run run = verifyA(Files.writeString(folder.resolve("a.hex"), other), "--json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("RTMR3 mismatch");
  }

  @Test
  void refusesEvidenceOnTheSecondAfterTheLast() {
    Run run =
        verify(
            Vectors.path(V0),
            "tdx/fmspc_B0C06F000000_2026-08.collateral.json",
            "1789171031",
            "--json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("failed to verify TDX quote: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "{}", "{\"quote\":\"00\"}", "00", "80", "{\"attestation\":1}"})
  void refusesWhatIsNoAttestationInOneSentence(String text) throws IOException {
    Run run = verifyA(Files.writeString(folder.resolve("a"), text));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("kms: ").doesNotContain("\tat ").doesNotContain("internal");
  }
}
