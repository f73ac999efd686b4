package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;

/**
 * What a transaction would cost.
 *
 * @param gas with a margin
 * @param most in wei
 */
public record Estimate(long gas, BigInteger most) {
  /** Of a deployment by that account at the present fees; asks, and sends nothing. */
  public static Estimate ofDeployment(Endpoint endpoint, Address account, Bytes deployment) {
    Drafts drafts = new Drafts(endpoint, account);
    long gas = drafts.gas(Request.deploying(deployment));
    return new Estimate(gas, drafts.fees().most().multiply(BigInteger.valueOf(gas)));
  }
}
