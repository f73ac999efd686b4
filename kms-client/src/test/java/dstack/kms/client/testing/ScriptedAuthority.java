package dstack.kms.client.testing;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import java.util.Optional;

/** Says what a test wants. */
public final class ScriptedAuthority implements Authority {
  public volatile Decision app = new Decision.Allowed("gateway-1");
  public volatile Decision kms = new Decision.Allowed("gateway-1");
  public volatile boolean away;

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    return answer(app);
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    return answer(kms);
  }

  @Override
  public AuthorityInfo info() {
    return new AuthorityInfo(
        false,
        Optional.of("gateway-1"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Decision answer(Decision decision) {
    if (away) {
      throw new RefusalException(AuthorityRefusal.UNREACHABLE, "auth api is away");
    }
    return decision;
  }
}
