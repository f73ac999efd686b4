package dstack.kms.onboard.preflight;

import dstack.kms.core.authority.AuthorityInfo;
import java.util.Optional;

/** Where an authority says that the policy lies, in words. */
final class PolicyPlace {
  private PolicyPlace() {}

  /** For example {@code ": contract 0x…, chain 8453"}; empty if it names none. */
  static String of(AuthorityInfo info) {
    if (info.development()) {
      return ": development mode, everything is allowed";
    }
    Optional<String> contract =
        info.contractAddress().filter(address -> !address.matches("(0x)?0*"));
    Optional<Long> chain = info.chainId().filter(id -> id != 0);
    return contract.map(address -> ": contract " + address).orElse("")
        + chain.map(id -> (contract.isPresent() ? ", chain " : ": chain ") + id).orElse("");
  }
}
