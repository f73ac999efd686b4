package dstack.kms.core.authority;

import dstack.kms.core.refusal.RefusalException;
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
   * @param gatewayAppId the gateway's app id as the authority names it, or empty
   */
  record Denied(String reason, String gatewayAppId) implements Decision {
    /** Denied by an authority that names no gateway with it. */
    public Denied(String reason) {
      this(reason, "");
    }
  }

  /**
   * Nothing was decided, so keys must not be released. Clients read it as a denial for the
   * refusal's text; logs and metrics have its own code.
   *
   * @param why what kept the authority from deciding; its text is fit for a client
   */
  record Undecided(RefusalException why) implements Decision {}
}
