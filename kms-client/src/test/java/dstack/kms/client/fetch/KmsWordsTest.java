package dstack.kms.client.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.client.refusal.FetchRefusal;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.refusal.RefusalKind;
import dstack.kms.rpc.client.ClientRefusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the words of a KMS come to; whoever answers in its place chooses them. */
final class KmsWordsTest {
  private static RefusalException said(int status, String body) {
    return KmsWords.refusal(
        "GetAppKeySealed",
        new RefusalException(
            ClientRefusal.REFUSED_BY_SERVER,
            "Request failed with status=" + status + ", error=" + body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | Service not found: GetAppKeySealed                  | SEALED_UNKNOWN
          400 | Service not found: GetAppKey                        | REFUSED_BY_KMS
          400 | xService not found: GetAppKeySealed                 | REFUSED_BY_KMS
          400 | App not allowed: Boot denied: image not allowed     | DENIED
          400 | App not allowed: invalid quote                      | REFUSED_BY_KMS
          400 | App not allowed: failed to call auth api            | KMS_NOT_READY
          400 | missing revert data                                 | KMS_NOT_READY
          429 | too many requests                                   | KMS_NOT_READY
          500 | internal error                                      | KMS_NOT_READY
          503 | Boot denied                                         | KMS_NOT_READY
          404 |                                                     | REFUSED_BY_KMS
          401 | who are you                                         | REFUSED_BY_KMS
          """)
  void areReadTheSameAsJsonAndAsText(int status, String text, FetchRefusal code) {
    String words = text == null ? "" : text;
    for (String body : new String[] {words, "{\n  \"error\": \"" + words + "\"\n}"}) {
      RefusalException refusal = said(status, body);
      assertThat(refusal.code()).isEqualTo(code);
      assertThat(refusal.text()).contains(words);
    }
  }

  @Test
  void canBeWaitedForOnlyWhereNobodyDecided() {
    assertThat(said(500, "").code().kind()).isEqualTo(RefusalKind.UNAVAILABLE);
    assertThat(said(400, "").code().kind()).isEqualTo(RefusalKind.REFUSED);
  }

  @Test
  void loseTheEscapesOfJson() {
    assertThat(said(400, "{\"error\":\"the \\\"app\\\" of C:\\\\x\"}").text())
        .isEqualTo("the KMS refuses GetAppKeySealed: the \"app\" of C:\\x");
  }

  /** Terminals obey C0 and C1 controls, and writing can be turned round to show another text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[2Jkeys written",
        "\u009b2Jkeys written",
        "\u202ekeys written",
        "\u2066keys written",
        "\u2028keys written",
        "\u0085keys written",
        "\ufeffkeys written",
        "\u0000keys written",
        "\r\nkeys written",
      })
  void canNeitherMoveACursorNorTurnALine(String text) {
    String shown = said(400, "no" + text).text();
    assertThat(shown).startsWith("the KMS refuses GetAppKeySealed: no ").endsWith("keys written");
    assertThat(shown.codePoints().filter(c -> c < ' ' || c > '~')).isEmpty();
  }

  @Test
  void areCutWhereTheyAreLong() {
    assertThat(said(400, "x".repeat(100_000)).text()).hasSizeLessThan(600).endsWith("x…");
  }

  @Test
  void areKeptAsTheyAreWhereTheFormIsAnother() {
    RefusalException odd =
        KmsWords.refusal("M", new RefusalException(ClientRefusal.REFUSED_BY_SERVER, "odd"));
    assertThat(odd.text()).isEqualTo("the KMS refuses M: odd");
    assertThat(odd.code()).isEqualTo(FetchRefusal.REFUSED_BY_KMS);
  }
}
