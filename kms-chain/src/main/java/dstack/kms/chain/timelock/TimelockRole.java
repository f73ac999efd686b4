package dstack.kms.chain.timelock;

import dstack.kms.chain.account.Word;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.crypto.Keccak;
import java.util.Optional;
import java.util.stream.Stream;

/** What an account may do at a timelock; the number of a role is the hash of its name. */
public enum TimelockRole {
  /** Schedules operations. */
  PROPOSER("PROPOSER_ROLE"),
  /** Executes operations that are ready; held by address zero it is everybody's. */
  EXECUTOR("EXECUTOR_ROLE"),
  /** Cancels operations that are not done. */
  CANCELLER("CANCELLER_ROLE"),
  /** Grants and revokes roles. */
  DEFAULT_ADMIN(""),
  /** What OpenZeppelin 4 had instead of {@link #DEFAULT_ADMIN}. */
  TIMELOCK_ADMIN("TIMELOCK_ADMIN_ROLE");

  private final String hashed;

  TimelockRole(String hashed) {
    this.hashed = hashed;
  }

  /** The number of the role in calls and events. */
  public Word number() {
    return hashed.isEmpty() ? Word.ZERO : new Word(Keccak.keccak256(Bytes.utf8(hashed)));
  }

  /** The role of that number, if it is one of these. */
  public static Optional<TimelockRole> of(Word number) {
    return Stream.of(values()).filter(role -> role.number().equals(number)).findFirst();
  }
}
