package dstack.kms.chain.endpoint;

import dstack.kms.chain.revert.Revert;
import dstack.kms.chain.rpc.RpcError;
import dstack.kms.core.bytes.Bytes;
import java.util.Locale;
import java.util.Optional;

/** Tells a contract's refusal from the endpoint's own errors: nodes say it in several ways. */
final class RevertedCalls {
  private RevertedCalls() {}

  /** What the contract gave; empty if the error is the endpoint's own. */
  static Optional<Revert> of(RpcError error) {
    boolean reverted =
        error.code() == RpcError.REVERTED
            || error.data().isPresent()
            || error.message().toLowerCase(Locale.ROOT).contains("revert");
    return reverted ? Optional.of(new Revert(error.data().orElse(Bytes.EMPTY))) : Optional.empty();
  }
}
