package dstack.kms.chain.transaction;

import dstack.kms.chain.rpc.RpcValue;
import dstack.kms.chain.signing.Fees;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the last blocks cost.
 *
 * @param baseFees of the blocks and of the next one; empty or zero on a chain without
 * @param tips the median of each block
 */
record FeeHistory(List<BigInteger> baseFees, List<BigInteger> tips) {
  /** A thousandth of a gwei: blocks that were empty say nothing about what the next one takes. */
  private static final BigInteger LEAST_TIP = BigInteger.valueOf(1_000_000);

  FeeHistory {
    baseFees = List.copyOf(baseFees);
    tips = List.copyOf(tips);
  }

  static FeeHistory read(JsonNode result) {
    JsonNode fees = result.path("baseFeePerGas");
    JsonNode rewards = result.path("reward");
    return new FeeHistory(
        fees.isArray() ? RpcValue.list(fees, RpcValue::quantity) : List.of(),
        rewards.isArray() ? RpcValue.list(rewards, FeeHistory::tip) : List.of());
  }

  private static BigInteger tip(JsonNode block) {
    return RpcValue.list(block, RpcValue::quantity).stream().findFirst().orElse(BigInteger.ZERO);
  }

  /** Twice the next base fee and the highest of the median tips; empty without a base fee. */
  Optional<Fees> fees() {
    BigInteger base = baseFees.isEmpty() ? BigInteger.ZERO : baseFees.getLast();
    if (base.signum() == 0) {
      return Optional.empty();
    }
    BigInteger tip = tips.stream().reduce(LEAST_TIP, BigInteger::max);
    return Optional.of(new Fees.Dynamic(tip, base.shiftLeft(1).add(tip)));
  }
}
