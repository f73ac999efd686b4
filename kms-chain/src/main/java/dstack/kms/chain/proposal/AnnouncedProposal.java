package dstack.kms.chain.proposal;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.timelock.Operation;
import dstack.kms.chain.timelock.TimelockRefusal;
import dstack.kms.chain.watch.EventReading;
import dstack.kms.chain.watch.History;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes the proposal of a scheduled operation again from what its timelock announced.
 *
 * <p>The id is the hash of everything in an operation: calls that hash to it are its calls, whoever
 * says so.
 */
public final class AnnouncedProposal {
  private final Address timelock;
  private final Word id;
  private final SortedMap<BigInteger, Call> calls = new TreeMap<>();
  private Word predecessor = Word.ZERO;
  private Word salt = Word.ZERO;
  private BigInteger delay = BigInteger.ZERO;

  private AnnouncedProposal(Address timelock, Word id) {
    this.timelock = timelock;
    this.id = id;
  }

  /**
   * The proposal that the timelock knows by that id.
   *
   * @param from the block from which on its events are read
   * @throws RefusalException if they do not say all that is in it
   */
  public static Proposal find(Endpoint endpoint, Address timelock, Word id, long from) {
    AnnouncedProposal found = new AnnouncedProposal(timelock, id);
    History.read(endpoint, Set.of(timelock), from, _ -> {}).readings().stream()
        .filter(found::isOurs)
        .forEach(found::take);
    TimelockPart part = found.part(from);
    return new Proposal(BigInteger.valueOf(endpoint.chainId()), found.inOrder(), part, null);
  }

  private boolean isOurs(EventReading reading) {
    return reading.event().contract().equals(timelock)
        && !reading.values().isEmpty()
        && reading.values().getFirst().equals(AbiValue.of(id));
  }

  private void take(EventReading reading) {
    Arguments values = new Arguments(reading.values());
    switch (reading.name()) {
      case "CallScheduled" -> {
        calls.put(values.number(1), new Call(values.account(2), values.number(3), values.data(4)));
        predecessor = values.word(5);
        delay = values.number(6);
      }
      case "CallSalt" -> salt = values.word(1);
      default -> {
        // What else happened to it says nothing about what is in it.
      }
    }
  }

  private List<Call> inOrder() {
    return List.copyOf(calls.values());
  }

  /** A single call and a batch of that one call have different ids. */
  private TimelockPart part(long from) {
    if (calls.isEmpty()) {
      throw new RefusalException(
          TimelockRefusal.STATE,
          "the timelock announced no operation "
              + id
              + " since block "
              + from
              + ": name an earlier block, or its proposal's file");
    }
    return Stream.of(Operation.Form.values())
        .filter(form -> form == Operation.Form.BATCH || calls.size() == 1)
        .map(form -> new TimelockPart(timelock, form, predecessor, salt, delay))
        .filter(part -> part.operation(inOrder()).id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new RefusalException(
                    TimelockRefusal.ID,
                    "what the timelock announced since block "
                        + from
                        + " does not make up the operation "
                        + id
                        + ": one before OpenZeppelin 4.9 announces no salt, and the block may be"
                        + " too late; name its proposal's file"));
  }
}
