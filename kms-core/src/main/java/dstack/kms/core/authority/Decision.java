package dstack.kms.core.authority;

import java.util.Optional;

/** What an authority decided. */
public sealed interface Decision {
  /**
   * Keys may be released.
   *
   * @param gatewayAppId the gateway's app id as the authority names it, or empty
   * @param block where the policy was read, of authorities that read a chain themselves
   */
  record Allowed(String gatewayAppId, Optional<BlockRef> block) implements Decision {
    /** Allowed by an authority that knows no block. */
    public Allowed(String gatewayAppId) {
      this(gatewayAppId, Optional.empty());
    }
  }

  /**
   * Keys must not be released.
   *
   * @param reason the authority's own words, shown to the client
   */
  record Denied(String reason) implements Decision {}
}
