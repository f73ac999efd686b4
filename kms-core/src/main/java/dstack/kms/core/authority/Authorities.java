package dstack.kms.core.authority;

import dstack.kms.core.config.AuthorityConfig;

/** Makes the authorities that need nothing but this module. */
public final class Authorities {
  private Authorities() {}

  /**
   * The configured authority.
   *
   * @param config {@code [core.auth_api]}
   * @param version this program's version, sent to a webhook
   */
  public static Authority of(AuthorityConfig config, String version) {
    return switch (config) {
      case AuthorityConfig.Webhook webhook -> new WebhookAuthority(webhook, version);
      case AuthorityConfig.PolicyFile file -> new FileAuthority(file.path(), file.strict());
      case AuthorityConfig.Dev dev -> new DevAuthority(dev.gatewayAppId());
    };
  }
}
