package dstack.kms.onboard.setup;

import dstack.kms.core.config.TokenDigest;
import dstack.kms.core.refusal.RefusalException;
import dstack.kms.rpc.http.RequestHead;
import java.util.Locale;
import java.util.Optional;

/**
 * What must hold before a call may change anything: it does not come from another site's page, and
 * it shows the set-up token if there is one (specification 00 §9, T-08).
 */
final class ChangeGuard {
  private static final String BEARER = "Bearer ";

  private final Optional<TokenDigest> token;

  ChangeGuard(Optional<TokenDigest> token) {
    this.token = token;
  }

  /** Refuses the request unless it may change state. */
  void check(RequestHead head) {
    refuseForeignOrigin(head);
    refuseWithoutToken(head);
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

  private void refuseWithoutToken(RequestHead head) {
    boolean shown = token.isEmpty() || candidate(head).filter(token.get()::matches).isPresent();
    if (!shown) {
      throw new RefusalException(
          SetupRefusal.TOKEN,
          "this call needs the set-up token of core.onboard.token, as Authorization: Bearer or"
              + " X-Onboard-Token");
    }
  }

  private static Optional<String> candidate(RequestHead head) {
    return head.header("X-Onboard-Token")
        .or(
            () ->
                head.header("Authorization")
                    .filter(value -> value.startsWith(BEARER))
                    .map(value -> value.substring(BEARER.length()).strip()));
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
