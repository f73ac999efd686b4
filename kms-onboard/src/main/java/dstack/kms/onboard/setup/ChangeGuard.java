package dstack.kms.onboard.setup;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.rpc.http.HttpExchange;
import dstack.kms.rpc.http.RequestHead;
import java.util.Locale;
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

  /**
   * A browser names the page behind a request in {@code Origin}, and on plain links, which carry no
   * origin, the relation in {@code Sec-Fetch-Site}. Programs send neither.
   */
  private static void refuseForeignOrigin(RequestHead head) {
    String host = folded(head.header("Host").orElse(""));
    boolean foreignOrigin =
        head.header("Origin").filter(origin -> !authorityOf(origin).equals(host)).isPresent();
    boolean foreignSite =
        head.header("Sec-Fetch-Site")
            .map(ChangeGuard::folded)
            .filter(site -> !site.equals("same-origin") && !site.equals("none"))
            .isPresent();
    if (foreignOrigin || foreignSite) {
      throw new RefusalException(
          SetupRefusal.FOREIGN_ORIGIN,
          "set-up calls are not accepted from pages of another origin",
          "Origin: " + head.header("Origin").orElse("-") + ", Host: " + host);
    }
  }

  /** Host and port of {@code scheme://host:port}; of {@code null} nothing that equals a host. */
  private static String authorityOf(String origin) {
    int scheme = origin.indexOf("://");
    return scheme < 0 ? "(opaque)" : folded(origin.substring(scheme + 3));
  }

  private static String folded(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
