package dstack.kms.chain.calldata;

import dstack.kms.chain.account.Call;
import java.util.List;

/**
 * What a call does, as far as it is known here.
 *
 * <p>The words are what a signer is shown before signing. They describe the bytes alone: that the
 * target is the contract it is taken for is for the caller to show.
 */
public sealed interface CallReading {
  /** What was read. */
  Call call();

  /** Whether this call and all within it are known, and nothing about them is alarming. */
  boolean isUnderstood();

  /** Indented lines for a signer. */
  List<String> lines();

  /** Reads a call and the calls within it, whatever its bytes are. */
  static CallReading of(Call call) {
    return new CallReader().read(call, 0);
  }

  /**
   * A known function with its arguments.
   *
   * @param inner the calls that it makes or announces, in order
   * @param alarms what a signer has to know beyond the sentence; empty for an ordinary call
   */
  record Known(
      Call call,
      Function function,
      List<AbiValue> arguments,
      List<CallReading> inner,
      List<String> alarms)
      implements CallReading {
    /** Keeps copies. */
    public Known {
      arguments = List.copyOf(arguments);
      inner = List.copyOf(inner);
      alarms = List.copyOf(alarms);
    }

    /** What it changes, in one sentence. */
    public String sentence() {
      return function.phrase().about(arguments);
    }

    @Override
    public boolean isUnderstood() {
      return alarms.isEmpty() && inner.stream().allMatch(CallReading::isUnderstood);
    }

    @Override
    public List<String> lines() {
      return ReadingLines.of(this);
    }
  }

  /** Money without calldata. */
  record Payment(Call call) implements CallReading {
    @Override
    public boolean isUnderstood() {
      return true;
    }

    @Override
    public List<String> lines() {
      return List.of(call.target() + " receives " + call.value() + " wei; nothing is called");
    }
  }

  /**
   * A call that nobody here can say the effect of.
   *
   * @param why one clause
   */
  record Unknown(Call call, String why) implements CallReading {
    @Override
    public boolean isUnderstood() {
      return false;
    }

    @Override
    public List<String> lines() {
      return ReadingLines.of(this);
    }
  }
}
