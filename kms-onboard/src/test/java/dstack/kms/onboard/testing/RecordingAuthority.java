package dstack.kms.onboard.testing;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.authority.AuthorityRefusal;
import dstack.kms.core.authority.Decision;
import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** An authority that answers what the test says and remembers what it was asked. */
public final class RecordingAuthority implements Authority {
  private final List<BootInfo> askedAboutKms = Collections.synchronizedList(new ArrayList<>());
  private volatile Decision answer = new Decision.Allowed("any");
  private volatile boolean silent;

  /** What it answers from now on. */
  public RecordingAuthority answering(Decision decision) {
    answer = decision;
    return this;
  }

  /** From now on it answers nothing. */
  public RecordingAuthority silent() {
    silent = true;
    return this;
  }

  /** The nodes it was asked about, in order. */
  public List<BootInfo> askedAboutKms() {
    return List.copyOf(askedAboutKms);
  }

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    return decide();
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    askedAboutKms.add(bootInfo);
    return decide();
  }

  @Override
  public AuthorityInfo info() {
    decide();
    return new AuthorityInfo(
        false,
        Optional.of("gateway"),
        Optional.of("0x1234"),
        Optional.of(8453L),
        Optional.of("0x5678"),
        Optional.of("https://rpc.example"));
  }

  private Decision decide() {
    if (silent) {
      throw new RefusalException(AuthorityRefusal.UNREACHABLE, "error sending request for url (x)");
    }
    return answer;
  }
}
