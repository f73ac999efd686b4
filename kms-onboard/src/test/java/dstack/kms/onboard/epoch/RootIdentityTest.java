package dstack.kms.onboard.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import dstack.kms.core.bytes.Bytes;
import org.junit.jupiter.api.Test;

class RootIdentityTest {
  /** The account of the private key 1, which every wallet knows. */
  private static final String FIRST_ACCOUNT = "7e5f4552091a69125d5dfcb7b8c2659029395bdf";

  private static Bytes scalar(int value) {
    return Bytes.concat(Bytes.zeros(31), Bytes.of(new byte[] {(byte) value}));
  }

  @Test
  void hasTheAccountThatEveryWalletComputes() {
    assertThat(new Generation(scalar(5), scalar(1)).identity().address().hex())
        .isEqualTo(FIRST_ACCOUNT);
  }

  @Test
  void sharesARootIfEitherIsTheSame() {
    RootIdentity one = new Generation(scalar(5), scalar(1)).identity();

    assertThat(one.shares(new Generation(scalar(5), scalar(2)).identity())).isTrue();
    assertThat(one.shares(new Generation(scalar(6), scalar(1)).identity())).isTrue();
    assertThat(one.shares(new Generation(scalar(6), scalar(2)).identity())).isFalse();
  }
}
