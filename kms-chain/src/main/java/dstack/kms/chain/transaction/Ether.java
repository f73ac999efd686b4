package dstack.kms.chain.transaction;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Amounts for people. */
public final class Ether {
  private static final int DECIMALS = 18;

  private Ether() {}

  /** The amount of wei in ether with at most nine decimals, rounded up. */
  public static String text(BigInteger wei) {
    BigDecimal ether = new BigDecimal(wei, DECIMALS).setScale(9, RoundingMode.CEILING);
    return (ether.signum() == 0 ? "0" : ether.stripTrailingZeros().toPlainString()) + " ETH";
  }
}
