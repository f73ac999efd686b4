package dstack.kms.chain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.testing.Deployment;
import dstack.kms.chain.testing.Receipt;
import dstack.kms.chain.testing.Reverted;
import dstack.kms.chain.testing.Selectors;
import dstack.kms.core.bytes.Bytes;
import java.util.List;

/** What is checked of every change of a policy. */
final class Policies {
  /**
   * A function that changes a list, with its opposite.
   *
   * @param getter of one entry
   * @param policy the name in PolicyChanged
   */
  record ListOf(
      String add, String remove, String added, String removed, String getter, String policy) {}

  private Policies() {}

  static void changesAList(Deployment kms, Address contract, ListOf list, Word slot) {
    Word value = Word.parse("5a".repeat(32));
    for (int times = 0; times < 2; times++) {
      Receipt added = kms.send(kms.owner(), contract, list.add, value);
      assertLogs(added, contract, kms.owner(), list.added, list.policy, value, true);
      assertThat(kms.read(contract, list.getter, value).flag(0)).isTrue();
      assertThat(kms.chain().slot(contract, slot).number()).isEqualTo(1);
    }
    for (int times = 0; times < 2; times++) {
      Receipt removed = kms.send(kms.owner(), contract, list.remove, value);
      assertLogs(removed, contract, kms.owner(), list.removed, list.policy, value, false);
      assertThat(kms.read(contract, list.getter, value).flag(0)).isFalse();
      assertThat(kms.chain().slot(contract, slot).isZero()).isTrue();
    }
  }

  private static void assertLogs(
      Receipt receipt,
      Address contract,
      Address actor,
      String event,
      String policy,
      Word value,
      boolean enabled) {
    assertThat(receipt.logs())
        .containsExactly(
            Selectors.log(contract, event, List.of(), value),
            Selectors.policy(contract, actor, policy, value, enabled));
  }

  static void isTheOwnersAlone(
      Deployment kms, Address contract, Address stranger, String function, Object... arguments) {
    assertThat(revert(() -> kms.send(stranger, contract, function, arguments)).data())
        .as(function)
        .isEqualTo(Selectors.error("OwnableUnauthorizedAccount(address)", stranger));
  }

  static Reverted revert(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Reverted reverted = catchThrowableOfType(Reverted.class, call);
    assertThat(reverted).as("it did not revert").isNotNull();
    return reverted;
  }

  static void assertRevertText(
      String text, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThat(revert(call).reason()).isEqualTo(text);
  }

  static void assertRevertData(
      Bytes data, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThat(revert(call).data()).isEqualTo(data);
  }
}
