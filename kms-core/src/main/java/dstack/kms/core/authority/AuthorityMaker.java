package dstack.kms.core.authority;

import dstack.kms.core.config.AuthorityConfig;
import dstack.kms.core.config.KmsConfig;

/**
 * Makes the authority that a configuration names. Which kinds there are is decided by the program:
 * an authority that reads a chain lies in a module that nodes do not know. Whoever lets one decide
 * takes it from {@link #of}: what {@link #make} returns does not know the list of the denied.
 */
@FunctionalInterface
public interface AuthorityMaker {
  /**
   * The bare configured authority; whoever asked for it closes it.
   *
   * @param config {@code [core.auth_api]}
   * @param version this program's version, sent to a webhook
   */
  Authority make(AuthorityConfig config, String version);

  /** The same for a whole configuration, behind its {@code [core.auth_api.deny]}. */
  default Authority of(KmsConfig config, String version) {
    return DenyingAuthority.over(config.denied(), make(config.authority(), version));
  }
}
