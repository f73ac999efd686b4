package dstack.kms.chain.revert;

import dstack.kms.chain.calldata.AbiValue;
import java.math.BigInteger;

/** What a timelock expected of an operation: a bit for each state (specification 20 §7.4). */
final class TimelockStates {
  private static final int UNSET = 1;
  private static final int READY = 4;
  private static final int WAITING_OR_READY = 6;

  private TimelockStates() {}

  static String words(AbiValue operation, AbiValue expected) {
    BigInteger bits = new BigInteger(1, ((AbiValue.Hash) expected).value().toArray());
    int states = bits.bitLength() > 8 ? 0 : bits.intValueExact();
    return "the operation "
        + operation.words()
        + switch (states) {
          case UNSET -> " is scheduled already: another salt makes another operation";
          case READY ->
              " is not ready: it was not scheduled, its delay is not over, or it was executed";
          case WAITING_OR_READY ->
              " cannot be cancelled: it is not scheduled, or was executed already";
          default -> " is not in one of the states " + expected.words();
        };
  }
}
