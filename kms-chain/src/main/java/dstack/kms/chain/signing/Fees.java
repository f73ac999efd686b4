package dstack.kms.chain.signing;

import java.math.BigInteger;

/** What a transaction pays for each unit of gas, in wei. */
public sealed interface Fees {
  /** At most so much. */
  BigInteger most();

  /** A quarter more, which every node takes as a replacement. */
  Fees raised();

  /**
   * The base fee of its block and a tip (EIP-1559).
   *
   * @param tip for who makes the block
   * @param most base fee and tip together
   */
  record Dynamic(BigInteger tip, BigInteger most) implements Fees {
    @Override
    public Fees raised() {
      return new Dynamic(quarterMore(tip), quarterMore(most));
    }
  }

  /**
   * One price, for chains without a base fee.
   *
   * @param most the price
   */
  record Legacy(BigInteger most) implements Fees {
    @Override
    public Fees raised() {
      return new Legacy(quarterMore(most));
    }
  }

  private static BigInteger quarterMore(BigInteger fee) {
    return fee.add(fee.shiftRight(2)).add(BigInteger.ONE);
  }
}
