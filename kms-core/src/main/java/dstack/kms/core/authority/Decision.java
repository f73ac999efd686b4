package dstack.kms.core.authority;

/** What an authority decided. */
public sealed interface Decision {
  /**
   * Keys may be released.
   *
   * @param gatewayAppId the gateway's app id as the authority names it, or empty
   */
  record Allowed(String gatewayAppId) implements Decision {}

  /**
   * Keys must not be released.
   *
   * @param reason the authority's own words, shown to the client
   */
  record Denied(String reason) implements Decision {}
}
