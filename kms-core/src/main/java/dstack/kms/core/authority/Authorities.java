package dstack.kms.core.authority;

import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.config.ConfigRefusal;
import dstack.kms.core.refusal.RefusalException;

/** Makes the authorities that need nothing but this module. */
public final class Authorities {
  private Authorities() {}

  /**
   * The configured authority; one that reads a chain is refused, as it lies in another module.
   *
   * @param config {@code [core.auth_api]}
   * @param version this program's version, sent to a webhook
   */
  public static Authority of(AuthorityConfig config, String version) {
    return switch (config) {
      case AuthorityConfig.Webhook webhook -> new WebhookAuthority(webhook, version);
      case AuthorityConfig.PolicyFile file -> new FileAuthority(file.path(), file.strict());
      case AuthorityConfig.Dev dev -> new DevAuthority(dev.gatewayAppId());
      case ChainConfig _ ->
          throw new RefusalException(
              ConfigRefusal.CONTRADICTION,
              "core.auth_api.type = \"chain\": this program reads no chain");
    };
  }
}
