package dstack.kms.core.authority;

import dstack.kms.core.bootinfo.BootInfo;
import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides by a policy file (specification 21 §5).
 *
 * <p>The file is read at every decision, so that a change counts at once, and parsed when its
 * content has changed. One decision uses one reading. A file that is missing or malformed denies
 * everything.
 */
public final class FileAuthority implements Authority {
  private static final int MAX_BYTES = 4 << 20;

  private final Path file;
  private final boolean strict;
  private volatile @Nullable Reading last;

  private record Reading(Bytes content, Policy policy) {}

  /**
   * An authority over the file.
   *
   * @param strict whether an empty list of devices denies every device instead of allowing it
   */
  public FileAuthority(Path file, boolean strict) {
    this.file = file;
    this.strict = strict;
  }

  @Override
  public Decision decideApp(BootInfo bootInfo) {
    return policy().decideApp(bootInfo, strict);
  }

  @Override
  public Decision decideKms(BootInfo bootInfo) {
    return policy().decideKms(bootInfo, strict);
  }

  /** {@link #info()} answers without a file too, so that it cannot tell. */
  @Override
  public void requireAnswering() {
    policy();
  }

  /** What the file says; the defaults while it cannot be read, as it grants nothing. */
  @Override
  public AuthorityInfo info() {
    Policy policy;
    try {
      policy = policy();
    } catch (RefusalException e) {
      policy = Policy.NOTHING;
    }
    return new AuthorityInfo(
        false,
        Optional.of(policy.gatewayAppId()),
        Optional.of(policy.kmsContractAddr()),
        Optional.of(policy.chainId()),
        Optional.of(policy.appImplementation()),
        Optional.empty());
  }

  private Policy policy() {
    Bytes content = content();
    Reading known = last;
    if (known != null && known.content().equals(content)) {
      return known.policy();
    }
    Policy policy = PolicyJson.parse(content);
    last = new Reading(content, policy);
    return policy;
  }

  private Bytes content() {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] content = stream.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new RefusalException(
            AuthorityRefusal.POLICY_UNREADABLE, PolicyJson.UNREADABLE, file + " is too large");
      }
      return Bytes.of(content);
    } catch (IOException e) {
      throw RefusalException.causedBy(AuthorityRefusal.POLICY_UNREADABLE, PolicyJson.UNREADABLE, e);
    }
  }
}
