package dstack.kms.core.bootinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityLengthTest {
  @Test
  void acceptsTheLengthsOfTheHierarchy() {
    assertThat(new AppId(Bytes.zeros(20)).value().length()).isEqualTo(20);
    assertThat(new ComposeHash(Bytes.zeros(32)).value().length()).isEqualTo(32);
    assertThat(new InstanceId(Bytes.zeros(20)).value().length()).isEqualTo(20);
    assertThat(new InstanceId(Bytes.EMPTY).value().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 19, 21, 31, 32, 33})
  void t13_refusesAppIdOfAnotherLength(int length) {
    assertThatThrownBy(() -> new AppId(Bytes.zeros(length)))
        .isInstanceOf(RefusalException.class)
        .hasMessage("app_id must be 20 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 19, 20, 21, 31, 33})
  void t13_refusesComposeHashOfAnotherLength(int length) {
    assertThatThrownBy(() -> new ComposeHash(Bytes.zeros(length)))
        .isInstanceOf(RefusalException.class)
        .hasMessage("compose_hash must be 32 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 19, 21, 31, 32, 33})
  void t13_refusesInstanceIdOfAnotherLength(int length) {
    assertThatThrownBy(() -> new InstanceId(Bytes.zeros(length)))
        .isInstanceOf(RefusalException.class)
        .hasMessage("instance_id must be 20 bytes or empty");
  }
}
