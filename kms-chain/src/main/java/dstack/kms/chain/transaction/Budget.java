package dstack.kms.chain.transaction;

import dstack.kms.chain.signing.UnsignedTransaction;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * What the transactions of one command may cost together, in wei. An endpoint names fees and gas as
 * it likes; whatever goes beyond what a person agreed to is refused before it is signed.
 *
 * <p>Of several transactions at one place of the sequence only one can be mined: the dearest
 * counts.
 */
public final class Budget {
  /** A deployment of all contracts costs less than half of it at 5 gwei: 0.1 ETH. */
  public static final BigInteger USUAL = new BigDecimal("0.1").movePointRight(18).toBigInteger();

  private final Map<Long, BigInteger> places = new HashMap<>();
  private BigInteger limit;

  /** At most so much. */
  public Budget(BigInteger limit) {
    this.limit = limit;
  }

  /** Sets what was agreed to, never to more than before; returns it. */
  synchronized BigInteger limitTo(BigInteger expected) {
    require(expected);
    limit = limit.min(expected);
    return limit;
  }

  /** All that may still be agreed to. */
  synchronized BigInteger limit() {
    return limit;
  }

  /** Takes what the transaction may cost at most; refused if that is more than is left. */
  synchronized void take(UnsignedTransaction transaction) {
    BigInteger most = mostOf(transaction);
    Map<Long, BigInteger> with = new HashMap<>(places);
    with.merge(transaction.nonce(), most, BigInteger::max);
    require(with.values().stream().reduce(BigInteger.ZERO, BigInteger::add));
    places.putAll(with);
  }

  static BigInteger mostOf(UnsignedTransaction transaction) {
    return transaction
        .fees()
        .most()
        .multiply(BigInteger.valueOf(transaction.gas()))
        .add(transaction.value());
  }

  private void require(BigInteger most) {
    if (most.compareTo(limit) > 0) {
      throw TransactionRefusal.COST.because(
          "fees and gas that the endpoint names would cost up to "
              + Ether.text(most)
              + ", and "
              + Ether.text(limit)
              + " was agreed to: compare with another endpoint; if it is right, run the command"
              + " again with a higher --max-cost");
    }
  }
}
