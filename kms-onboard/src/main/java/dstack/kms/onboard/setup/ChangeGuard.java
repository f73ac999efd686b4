package dstack.kms.onboard.setup;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.rpc.http.ForeignPage;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.RequestHead;
import java.util.Optional;

/**
 * What must hold before a call may change anything: it does not come from another site's page, not
 * even under a rebound name, and it shows the set-up token if there is one (specification 00 §9,
 * T-08).
 */
final class ChangeGuard {
  private final HostRule hosts;
  private final TokenGate token;

  ChangeGuard(HostRule hosts, TokenGate token) {
    this.hosts = hosts;
    this.token = token;
  }

  /** Refuses the call unless it may change state, as far as can be told before it is read. */
  void check(HttpExchange call) {
    refuseForeignOrigin(call.head());
    token.check(call);
  }

  /** The rest of it, once the domain that the call is about is known. */
  void checkHost(HttpExchange call, Optional<RpcDomain> domain) {
    hosts.checkChange(call.head(), domain);
  }

  private static void refuseForeignOrigin(RequestHead head) {
    ForeignPage.shownBy(head)
        .ifPresent(
            shown -> {
              throw new RefusalException(
                  SetupRefusal.FOREIGN_ORIGIN,
                  "set-up calls are not accepted from pages of another origin",
                  shown);
            });
  }
}
