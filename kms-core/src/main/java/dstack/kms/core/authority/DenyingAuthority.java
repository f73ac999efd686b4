package dstack.kms.core.authority;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.config.DenyConfig;
import java.util.Optional;
import java.util.function.Function;

/**
 * Denies what this server's own list names before another authority is asked: the lever that needs
 * no chain and waits for no timelock (specification 22 §10.4).
 *
 * <p>It cannot allow anything. One entry that fits is enough, in whichever role the workload comes.
 */
public final class DenyingAuthority implements Authority {
  private static final Decision DENIED = new Decision.Denied("denied by this KMS node");

  private final DenyConfig denied;
  private final Authority authority;

  private DenyingAuthority(DenyConfig denied, Authority authority) {
    this.denied = denied;
    this.authority = authority;
  }

  /** The authority behind the list; itself if the list names nobody. */
  public static Authority over(DenyConfig denied, Authority authority) {
    return denied.equals(DenyConfig.NOBODY) ? authority : new DenyingAuthority(denied, authority);
  }

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    return decide(bootInfo, authority::decideApp);
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    return decide(bootInfo, authority::decideKms);
  }

  private Decision decide(BootInfo info, Function<BootInfo, Decision> otherwise) {
    return isDenied(info) ? DENIED : otherwise.apply(info);
  }

  private boolean isDenied(BootInfo info) {
    return denied.apps().contains(info.appId().value())
        || denied.composeHashes().contains(info.composeHash().value())
        || denied.osImages().contains(info.osImageHash())
        || denied.devices().contains(info.deviceId())
        || denied.mrAggregated().contains(info.mrAggregated());
  }

  @Override
  public void requireAnswering() {
    authority.requireAnswering();
  }

  @Override
  public Optional<BlockRef> view() {
    return authority.view();
  }

  @Override
  public Optional<AuthorityStats> stats() {
    return authority.stats();
  }

  @Override
  public AuthorityInfo info() {
    return authority.info();
  }

  @Override
  public void close() {
    authority.close();
  }
}
