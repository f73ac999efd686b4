package dstack.kms.chain.transaction;

import dstack.kms.chain.signing.Fees;
import java.math.BigInteger;

/** Fees with which one transaction takes another's place. */
final class MoreFees {
  private MoreFees() {}

  /** A quarter more than before, and not less than what is usual now. */
  static Fees than(Fees before, Fees usual) {
    Fees raised = before.raised();
    if (raised instanceof Fees.Dynamic(BigInteger tip, BigInteger most)
        && usual instanceof Fees.Dynamic(BigInteger usualTip, BigInteger usualMost)) {
      return new Fees.Dynamic(tip.max(usualTip), most.max(usualMost));
    }
    return raised.most().compareTo(usual.most()) >= 0 ? raised : usual;
  }
}
