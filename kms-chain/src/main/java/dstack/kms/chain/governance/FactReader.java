package dstack.kms.chain.governance;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.chain.account.Word;
import dstack.kms.chain.calldata.AbiValue;
import dstack.kms.chain.calldata.View;
import dstack.kms.chain.endpoint.CallOutcome;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.rpc.BlockAt;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Reads facts at one block. */
public final class FactReader {
  private static final Word IMPLEMENTATION =
      Word.parse("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");
  private static final Word FLAGS = Word.of(BigInteger.ONE);

  private final Endpoint endpoint;
  private final BlockAt block;

  private FactReader(Endpoint endpoint, BlockAt block) {
    this.endpoint = endpoint;
    this.block = block;
  }

  /** Reads at the newest block. */
  public static FactReader latest(Endpoint endpoint) {
    return new FactReader(endpoint, BlockAt.latest());
  }

  /** Reads at the block of that number. */
  public static FactReader at(Endpoint endpoint, long block) {
    return new FactReader(endpoint, new BlockAt.ByNumber(block));
  }

  /** The fact; refused if the contract does not answer it, so is not what it is taken for. */
  public AbiValue read(Fact fact) {
    return find(fact)
        .orElseThrow(
            () ->
                GovernanceRefusal.CONTRACT.because(
                    fact.contract()
                        + " does not answer "
                        + fact.label()
                        + ": it is another contract, or an older version of it"));
  }

  /** The fact; empty if the contract does not answer it. */
  public Optional<AbiValue> find(Fact fact) {
    return switch (fact) {
      case Fact.Answer answer -> answer(answer);
      case Fact.Implementation(Address contract) -> implementation(contract);
      case Fact.UpgradesDisabled(Address contract) ->
          Optional.of(AbiValue.of(endpoint.storage(contract, FLAGS, block).value().at(31) != 0));
    };
  }

  /** The answer of a view without arguments; empty if there is none. */
  public Optional<AbiValue> find(Address contract, View view) {
    return find(new Fact.Answer(contract, view, List.of()));
  }

  private Optional<AbiValue> answer(Fact.Answer fact) {
    AbiValue[] arguments = fact.arguments().toArray(AbiValue[]::new);
    Call call = Call.of(fact.contract(), fact.view().encode(arguments));
    return switch (endpoint.call(Optional.empty(), call, block)) {
      case CallOutcome.Reverted _ -> Optional.empty();
      case CallOutcome.Returned(var data) when data.isEmpty() -> Optional.empty();
      case CallOutcome.Returned(var data) -> decoded(fact, data);
    };
  }

  private static Optional<AbiValue> decoded(Fact.Answer fact, Bytes data) {
    try {
      List<AbiValue> values = fact.view().decode(data);
      return Optional.of(values.size() == 1 ? values.getFirst() : AbiValue.of(values));
    } catch (RefusalException e) {
      throw e.within("what " + fact.contract() + " answers to " + fact.label());
    }
  }

  private Optional<AbiValue> implementation(Address contract) {
    Word word = endpoint.storage(contract, IMPLEMENTATION, block);
    return word.isZero() ? Optional.empty() : Optional.of(AbiValue.of(Address.ofWord(word)));
  }
}
