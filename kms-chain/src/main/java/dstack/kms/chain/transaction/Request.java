package dstack.kms.chain.transaction;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.account.Call;
import dstack.kms.core.bytes.Bytes;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What a transaction is to do.
 *
 * @param to empty of a deployment
 * @param value in wei
 * @param data calldata, or creation code and the constructor's arguments
 */
public record Request(Optional<Address> to, BigInteger value, Bytes data) {
  /** Makes a call. */
  public static Request of(Call call) {
    return new Request(Optional.of(call.target()), call.value(), call.data());
  }

  /** Deploys a contract. */
  public static Request deploying(Bytes deployment) {
    return new Request(Optional.empty(), BigInteger.ZERO, deployment);
  }
}
