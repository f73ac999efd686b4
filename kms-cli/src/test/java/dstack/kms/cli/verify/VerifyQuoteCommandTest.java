package dstack.kms.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.cli.Run;
import dstack.kms.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class VerifyQuoteCommandTest {
  private static final String QUOTE = "tdx/tdx_quote_v4_a.bin";
  private static final String COLLATERAL = "tdx/tdx_quote_v4_a.collateral.json";

  @TempDir private Path folder;

  private static Run verify(Path quote, String... more) {
    String[] arguments = new String[more.length + 7];
    String[] first = {
      "verify",
      "quote",
      quote.toString(),
      "--collateral",
      Vectors.path(COLLATERAL).toString(),
      "--now",
      "1752919234"
    };
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    return Run.of(arguments);
  }

  private static JsonNode answer(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).hasSize(1);
    return JsonMapper.shared().readTree(run.out());
  }

  @Test
  void answersWithTheFieldsOfTheSpecification() {
    Run run = verify(Vectors.path(QUOTE), "--json");

    assertThat(run.status()).isZero();
    JsonNode answer = answer(run);
    assertThat(answer.propertyNames())
        .containsExactly("status", "advisory_ids", "ppid", "fmspc", "tee_type", "report");
    assertThat(answer.get("status").stringValue()).isEqualTo("UpToDate");
    assertThat(answer.get("advisory_ids").size()).isZero();
    assertThat(answer.get("ppid").stringValue()).isEqualTo("811dca2a26b952e85bb6448b097ba4fd");
    assertThat(answer.get("fmspc").stringValue()).isEqualTo("b0c06f000000");
    assertThat(answer.get("tee_type").stringValue()).isEqualTo("tdx");
  }

  @Test
  void showsTheReportFromTheOffsetsOfTheQuote() {
    JsonNode report = answer(verify(Vectors.path(QUOTE), "--json")).get("report");

    byte[] quote = Vectors.bytes(QUOTE);
    assertThat(report.get("tee_tcb_svn").stringValue()).isEqualTo(hex(quote, 48, 16));
    assertThat(report.get("mr_td").stringValue()).isEqualTo(hex(quote, 184, 48));
    assertThat(report.get("rt_mr0").stringValue()).isEqualTo(hex(quote, 376, 48));
    assertThat(report.get("rt_mr3").stringValue()).isEqualTo(hex(quote, 520, 48));
    assertThat(report.get("report_data").stringValue()).isEqualTo(hex(quote, 568, 64));
  }

  private static String hex(byte[] bytes, int from, int length) {
    return HexFormat.of().formatHex(bytes, from, from + length);
  }

  @ParameterizedTest
  @MethodSource("dstack.kms.cli.verify.Mutation#all")
  void decidesEveryRowOfTheMutationTable(Mutation mutation) throws IOException {
    Run run = Run.of(mutation.arguments(folder));

    JsonNode answer = answer(run);
    if (mutation.isRefused()) {
      assertThat(run.status()).isEqualTo(1);
      assertThat(answer.propertyNames()).containsExactly("error", "code");
      assertThat(answer.get("error").stringValue()).contains(mutation.refusal());
      assertThat(answer.get("code").stringValue()).matches("[a-z0-9-]+");
    } else {
      assertThat(run.status()).isZero();
      assertThat(answer.get("status")).isEqualTo(mutation.row().get("status"));
      assertThat(answer.get("advisory_ids")).isEqualTo(mutation.row().get("advisory_ids"));
    }
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "0x, ''", "'', '\n'", "' 0x', ' \r\n'"})
  void readsAQuoteInHexadecimal(String before, String after) throws IOException {
    String hex = HexFormat.of().formatHex(Vectors.bytes(QUOTE));
    Path file = Files.writeString(folder.resolve("quote.hex"), before + hex + after);

    assertThat(verify(file).status()).isZero();
  }

  @Test
  void readsTheQuoteInTheJsonOfAGuestAgent() throws IOException {
    String hex = HexFormat.of().formatHex(Vectors.bytes(QUOTE));
    Path file = Files.writeString(folder.resolve("q.json"), "\n {\"quote\":\"" + hex + "\"}");

    assertThat(verify(file).status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{}", "{\"quote\":1}", "{\"quote\":\"0g\"}", "{\"quote\":\"\"} x"})
  void refusesJsonWithoutAQuoteInOneSentence(String text) throws IOException {
    Run run = verify(Files.writeString(folder.resolve("q.json"), text));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().lines().findFirst().orElse("")).startsWith("kms: ").contains("q.json: ");
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "zz", "040002"})
  void refusesWhatIsNoQuote(String text) throws IOException {
    Run run = verify(Files.writeString(folder.resolve("quote.bin"), text), "--json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("\"error\":\"Failed to decode quote");
  }

  @Test
  void refusesAnExternalRootThatDidNotSign() throws IOException {
    Path other = folder.resolve("root.pem");
    Files.writeString(other, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

    Run run = verify(Vectors.path(QUOTE), "--root-ca", other.toString(), "--json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("\"error\":\"Failed to load root ca: ");
  }

  @Test
  void takesIntelsRootFromAFileAsWell() {
    String root = Vectors.path("tdx/intel_sgx_root_ca.der").toString();

    assertThat(verify(Vectors.path(QUOTE), "--root-ca", root).status()).isZero();
  }

  @Test
  void saysForPeopleWhatWasAccepted() {
    Run run = verify(Vectors.path(QUOTE));

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("accepted: TCB status UpToDate\nadvisories: none\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--now, -1",
    "--now, 1e9",
    "--now, 99999999999",
    "--now, ''",
    "--collateral, /nonexistent",
    "--root-ca, /",
    "--unknown, x"
  })
  void answersWrongUsageWithStatus2(String option, String value) {
    Run run = Run.of("verify", "quote", Vectors.path(QUOTE).toString(), option, value);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).endsWith("see: kms verify quote --help\n");
  }

  @Test
  void asksForAFile() {
    Run run = Run.of("verify", "quote");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("kms: Missing required");
  }
}
