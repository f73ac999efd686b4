package dstack.kms.cli.doctor;

import dstack.kms.core.authority.Authority;
import dstack.kms.core.authority.AuthorityInfo;
import dstack.kms.core.config.ChainConfig;
import dstack.kms.core.refusal.RefusalException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether whoever decides about keys answers: the webhook, the policy file, or the chain, of which
 * every configured endpoint is examined too.
 */
final class AuthorityCheck implements HostCheck {
  @Override
  public List<Finding> look(Host host) {
    List<Finding> found = new ArrayList<>();
    found.add(asked(host));
    if (host.config().authority() instanceof ChainConfig chain) {
      found.addAll(ChainCheck.of(chain).look(host.context().clock()));
    }
    return found;
  }

  private static Finding asked(Host host) {
    try (Authority authority =
        host.context().authorities().of(host.config(), host.context().version())) {
      authority.requireAnswering();
      return Finding.ok("authority", "answers" + chain(authority.info()));
    } catch (RefusalException e) {
      return Findings.of(
          "authority",
          e,
          "Check [core.auth_api]: the service, the file or the chain endpoints that it names;"
              + " without an answer nothing is released.");
    }
  }

  private static String chain(AuthorityInfo info) {
    return info.chainId().map(id -> ", chain " + id).orElse("")
        + info.contractAddress().map(contract -> ", contract " + contract).orElse("");
  }
}
