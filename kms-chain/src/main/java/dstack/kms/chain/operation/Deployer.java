package dstack.kms.chain.operation;

import dstack.kms.chain.account.Address;
import dstack.kms.chain.endpoint.Endpoint;
import dstack.kms.chain.transaction.Receipt;
import dstack.kms.chain.transaction.Request;
import dstack.kms.chain.transaction.Sender;
import dstack.kms.core.bytes.Bytes;
import java.util.Optional;

/** Deploys contracts one by one. */
public final class Deployer {
  private final Endpoint endpoint;
  private final Sender sender;
  private final Retry retry;
  private Optional<DirectExecution.Resumption> resumption;

  /** A deployer; the first deployment is taken for the one that is resumed, if any. */
  public Deployer(
      Endpoint endpoint,
      Sender sender,
      Retry retry,
      Optional<DirectExecution.Resumption> resumption) {
    this.endpoint = endpoint;
    this.sender = sender;
    this.retry = retry;
    this.resumption = resumption;
  }

  /** Who deploys. */
  public Address account() {
    return sender.account();
  }

  /** Deploys; refused unless there is code afterwards. */
  public DeployedContract deploy(Bytes deployment) {
    Request request = Request.deploying(deployment);
    Receipt receipt =
        resumption
            .map(waiting -> sender.resume(waiting.hash(), request, waiting.speedUp()))
            .orElseGet(() -> sender.send(request));
    resumption = Optional.empty();
    Address address =
        receipt
            .contract()
            .orElseThrow(
                () ->
                    OperationRefusal.RECEIPT.because(
                        "the receipt of " + receipt.hash() + " names no contract"));
    if (retry
        .first(() -> Optional.of(endpoint.code(address)).filter(Deployer::isThere))
        .isEmpty()) {
      throw OperationRefusal.CODE.because(
          "there is no code at " + address + " although " + receipt.hash() + " was made");
    }
    return new DeployedContract(address, receipt);
  }

  private static boolean isThere(Bytes code) {
    return !code.isEmpty();
  }
}
