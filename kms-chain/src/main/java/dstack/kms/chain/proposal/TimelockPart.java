package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.timelock.Operation;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.List;

/**
 * How a timelock delays the calls of a proposal.
 *
 * @param address the timelock
 * @param form whether the calls are one operation by themselves or a batch
 * @param predecessor what must be done before; zero for nothing
 * @param salt tells it apart from the same calls at another time
 * @param delay from scheduling to readiness, in seconds
 */
public record TimelockPart(
    Address address, Operation.Form form, Word predecessor, Word salt, BigInteger delay) {
  /** Refuses a delay that is no number of seconds that a chain can count. */
  public TimelockPart {
    if (delay.signum() < 0 || delay.bitLength() > 63) {
      throw ProposalRefusal.FILE.because("a delay is a number of seconds from 0 to 2^63");
    }
  }

  /** A salt that nobody used before. */
  public static Word freshSalt(SecureRandom random) {
    byte[] salt = new byte[32];
    random.nextBytes(salt);
    return new Word(Bytes.of(salt));
  }

  /** What the timelock knows the calls as. */
  public Operation operation(List<Call> calls) {
    return new Operation(calls, form, predecessor, salt);
  }

  /** The call that schedules them. */
  public Call schedule(List<Call> calls) {
    return Call.of(address, operation(calls).schedule(delay));
  }

  /** The call that executes them; it carries the money that they move. */
  public Call execute(List<Call> calls) {
    Operation operation = operation(calls);
    return new Call(address, operation.value(), operation.execute());
  }

  /** The call that cancels them. */
  public Call cancel(List<Call> calls) {
    return Call.of(address, operation(calls).cancel());
  }
}
