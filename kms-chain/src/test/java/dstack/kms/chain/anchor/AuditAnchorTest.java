package dstack.kms.chain.anchor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.audit.AuditHead;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditAnchorTest {
  /** {@code printf 'dstack-kms-audit-head-v1' | xxd -p}, then the number and the hash. */
  private static final String DATA =
      "64737461636b2d6b6d732d61756469742d686561642d7631" + "0000000000000029" + "ab".repeat(32);

  private static final AuditHead HEAD = new AuditHead(41, Bytes.fromHex("ab".repeat(32)));

  @Test
  void is64BytesOfTagNumberAndHash() {
    assertThat(new AuditAnchor(HEAD).data().hex()).isEqualTo(DATA);
    assertThat(AuditAnchor.parse(Bytes.fromHex(DATA)).head()).isEqualTo(HEAD);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 24, 63})
  void refusesDataThatIsCutOff(int length) {
    assertThatThrownBy(() -> AuditAnchor.parse(Bytes.fromHex(DATA).slice(0, length)))
        .isInstanceOf(RefusalException.class);
  }

  @Test
  void refusesMoreBytesAnotherTagAndANumberThatCannotBe() {
    for (String bad :
        new String[] {
          DATA + "00",
          DATA.replace("7631", "7632"),
          DATA.replace("0000000000000029", "8000000000000029")
        }) {
      assertThatThrownBy(() -> AuditAnchor.parse(Bytes.fromHex(bad)))
          .isInstanceOfSatisfying(
              RefusalException.class, e -> assertThat(e.code()).isEqualTo(AnchorRefusal.FORM));
    }
  }
}
