package dstack.kms.core.authority;

import dstack.kms.core.config.AuthorityConfig;

/**
 * Makes the authority that a configuration names. Which kinds there are is decided by the program:
 * an authority that reads a chain lies in a module that nodes do not know.
 */
@FunctionalInterface
public interface AuthorityMaker {
  /**
   * The configured authority; whoever asked for it closes it.
   *
   * @param config {@code [core.auth_api]}
   * @param version this program's version, sent to a webhook
   */
  Authority make(AuthorityConfig config, String version);
}
