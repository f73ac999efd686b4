package dstack.kms.chain.timelock;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.Arguments;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.governance.Fact;
import dstack.kms.chain.governance.FactReader;
import dstack.kms.chain.rpc.BlockTag;
import dstack.kms.chain.rpc.Eth;
import dstack.kms.chain.rpc.RpcValue;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What one timelock says about itself, its roles and its operations, at the newest block. */
public final class TimelockReader {
  /** What the contract keeps for an operation that was executed. */
  private static final BigInteger DONE = BigInteger.ONE;

  private final Endpoint endpoint;
  private final FactReader facts;
  private final Address timelock;

  /** Asks the contract at the address; nothing yet. */
  public TimelockReader(Endpoint endpoint, Address timelock) {
    this.endpoint = endpoint;
    this.timelock = timelock;
    facts = FactReader.latest(endpoint);
  }

  /** Which contract is asked. */
  public Address address() {
    return timelock;
  }

  /** The least delay that it takes, in seconds; refused if it answers unlike a timelock. */
  public BigInteger minDelay() {
    return ask(TimelockViews.MIN_DELAY).number(0);
  }

  /** Whether the account has the role itself. */
  public boolean has(TimelockRole role, Address account) {
    return ask(TimelockViews.HAS_ROLE, AbiValue.of(role.number()), AbiValue.of(account)).flag(0);
  }

  /** Whether the account has the role, or everybody has. */
  public boolean lets(Address account, TimelockRole role) {
    return has(role, account) || (role == TimelockRole.EXECUTOR && has(role, Address.ZERO));
  }

  /** Refuses an account without the role. */
  public void requireRole(TimelockRole role, Address account) {
    if (!lets(account, role)) {
      throw new RefusalException(
          TimelockRefusal.ROLE,
          account + " does not have the role " + role + " at the timelock " + timelock);
    }
  }

  /**
   * Where an operation stands, by the time of the newest block. Asks nothing that version 4 does
   * not answer as well.
   */
  public OperationState state(Word id) {
    BigInteger ready = timestamp(id);
    if (ready.signum() == 0) {
      return OperationState.UNSET;
    }
    if (ready.equals(DONE)) {
      return OperationState.DONE;
    }
    boolean over = ready.compareTo(BigInteger.valueOf(now().getEpochSecond())) <= 0;
    return over ? OperationState.READY : OperationState.WAITING;
  }

  /** From when on an operation can be executed; empty if it is not scheduled or done. */
  public Optional<Instant> readyAt(Word id) {
    BigInteger ready = timestamp(id);
    return ready.compareTo(DONE) <= 0 || ready.bitLength() > 40
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(ready.longValueExact()));
  }

  /** The time of the newest block: what the contract goes by. */
  public Instant now() {
    return endpoint
        .ask(Eth.block(BlockTag.LATEST))
        .orElseThrow(() -> RpcValue.wrong("a newest block"))
        .timestamp();
  }

  /** Refuses if the contract gives the operation another id than we do. */
  public void requireSameId(Operation operation) {
    Word answer = ask(operation.idView(), operation.identity()).word(0);
    if (!answer.equals(operation.id())) {
      throw new RefusalException(
          TimelockRefusal.ID,
          "the timelock says that the operation's id is "
              + answer
              + ", and it is "
              + operation.id()
              + ": the contract or the endpoint is not what it seems");
    }
  }

  /**
   * Refuses an operation that calls an address without code, which a timelock takes for success.
   */
  public void requireTargets(Operation operation) {
    for (Call call : operation.calls()) {
      if (endpoint.code(call.target()).isEmpty()) {
        throw new RefusalException(
            TimelockRefusal.TARGET,
            "there is no contract at " + call.target() + ": the timelock would count it as done");
      }
    }
  }

  private BigInteger timestamp(Word id) {
    return ask(TimelockViews.TIMESTAMP, AbiValue.of(id)).number(0);
  }

  private Arguments ask(View view, AbiValue... arguments) {
    AbiValue answer = facts.read(new Fact.Answer(timelock, view, List.of(arguments)));
    return new Arguments(List.of(answer));
  }
}
