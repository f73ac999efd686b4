package dstack.kms.core.pem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemArmorTest {
  private static final String BEGIN = "-----BEGIN X-----\n";
  private static final String END = "-----END X-----\n";

  @Test
  void writesSixtyFourColumnsAndATrailingNewline() {
    assertThat(PemArmor.encode("X", Bytes.zeros(50)))
        .isEqualTo(BEGIN + "A".repeat(64) + "\nAAA=\n" + END);
    assertThat(PemArmor.encode("X", Bytes.zeros(48)))
        .isEqualTo(BEGIN + "A".repeat(64) + "\n" + END);
  }

  @Test
  void writesAndReadsSecretsLikePublicBytes() {
    try (Secret der = Secret.takeOver(new byte[] {1, 2, 3});
        Secret pem = PemArmor.encodeSecret("X", der);
        Secret back = PemArmor.decodeSecret("X", pem)) {
      assertThat(back.matches(der)).isTrue();
      String text = pem.expose(raw -> new String(raw, StandardCharsets.US_ASCII));
      assertThat(text).isEqualTo(BEGIN + "AQID\n" + END);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        BEGIN + "AQID\n" + END,
        "-----BEGIN X-----\r\nAQID\r\n-----END X-----\r\n",
        BEGIN + "AQ\nID\n-----END X-----",
        "\n\n" + BEGIN + "AQID\n" + END + "\n\n"
      })
  void readsOneBlockWithAnyLineWidthAndEitherLineEnd(String text) {
    assertThat(PemArmor.decode("X", text)).isEqualTo(Bytes.fromHex("010203"));
  }

  @Test
  void readsSeveralBlocksInOrderOnlyWhenAskedForAll() {
    String two = BEGIN + "AQID\n" + END + BEGIN + "BAUG\n" + END;
    assertThat(PemArmor.decodeAll("X", two))
        .containsExactly(Bytes.fromHex("010203"), Bytes.fromHex("040506"));
    assertThatThrownBy(() -> PemArmor.decode("X", two)).isInstanceOf(RefusalException.class);
    try (Secret text = Secret.takeOver(two.getBytes(StandardCharsets.US_ASCII))) {
      assertThatThrownBy(() -> PemArmor.decodeSecret("X", text))
          .isInstanceOf(RefusalException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AQID",
        BEGIN,
        BEGIN + END,
        BEGIN + "AQID\n",
        BEGIN + "AQI\n" + END,
        BEGIN + "AQ=D\n" + END,
        BEGIN + "A*ID\n" + END,
        BEGIN + "AQ ID\n" + END,
        BEGIN + "AQID\n-----END Y-----\n",
        "-----BEGIN Y-----\nAQID\n-----END Y-----\n",
        "Bag Attributes\n" + BEGIN + "AQID\n" + END,
        BEGIN + "AQID\n" + END + "more",
        BEGIN + "Proc-Type: 4,ENCRYPTED\n\nAQID\n" + END,
        " " + BEGIN + "AQID\n" + END,
        BEGIN + BEGIN + "AQID\n" + END + END
      })
  void refusesEveryOtherText(String text) {
    assertThatThrownBy(() -> PemArmor.decodeAll("X", text))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(PemRefusal.MALFORMED));
  }

  @Test
  void refusesTextAboveOneMebibyte() {
    String text = BEGIN + "A".repeat(1 << 20) + "\n" + END;
    assertThatThrownBy(() -> PemArmor.decode("X", text))
        .isInstanceOfSatisfying(
            RefusalException.class, e -> assertThat(e.code()).isEqualTo(PemRefusal.TOO_LONG));
  }
}
