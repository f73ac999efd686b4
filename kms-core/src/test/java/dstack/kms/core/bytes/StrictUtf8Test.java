package dstack.kms.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictUtf8Test {
  @Test
  void readsTextOfEveryPlane() {
    assertThat(Bytes.utf8("aé€😀").strictUtf8Text()).contains("aé€😀");
    assertThat(Bytes.EMPTY.strictUtf8Text()).contains("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "80", "c0af", "eda080", "e282", "f4908080", "61c3"})
  void isEmptyForBytesThatAreNoUtf8(String hex) {
    assertThat(Bytes.fromHex(hex).strictUtf8Text()).isEmpty();
  }
}
