package dstack.kms.chain.timelock;

import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Set;

/** Where an operation stands. */
public enum OperationState {
  /** Never scheduled, or cancelled. */
  UNSET(0, "not scheduled"),
  /** Scheduled, its delay not over. */
  WAITING(1, "waiting for its delay"),
  /** May be executed. */
  READY(2, "ready to execute"),
  /** Was executed. */
  DONE(3, "done");

  private final int number;
  private final String words;

  OperationState(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** The state in words, as part of a sentence. */
  public String words() {
    return words;
  }

  /** The states in the bitmap of an error: state n is bit n; higher bits mean nothing. */
  public static Set<OperationState> ofBitmap(BigInteger bitmap) {
    EnumSet<OperationState> states = EnumSet.noneOf(OperationState.class);
    for (OperationState state : values()) {
      if (bitmap.testBit(state.number)) {
        states.add(state);
      }
    }
    return states;
  }
}
