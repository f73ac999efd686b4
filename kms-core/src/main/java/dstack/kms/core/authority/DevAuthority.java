package dstack.kms.core.authority;

import dstack.kms.core.bootinfo.BootInfo;
import java.util.Objects;
import java.util.Optional;

/**
 * Allows everything (specification 04 §7.1). The configuration lets nobody have it without {@code
 * core.insecure_development}.
 */
public final class DevAuthority implements Authority {
  private final String gatewayAppId;

  /** An authority that answers this for the gateway. */
  public DevAuthority(String gatewayAppId) {
    this.gatewayAppId = Objects.requireNonNull(gatewayAppId, "gatewayAppId is null");
  }

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    return new Decision.Allowed(gatewayAppId);
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    return new Decision.Allowed(gatewayAppId);
  }

  @Override
  public AuthorityInfo info() {
    return new AuthorityInfo(
        true,
        Optional.of(gatewayAppId),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
