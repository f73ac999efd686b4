package dstack.kms.rpc.http;

import java.util.Locale;
import java.util.Optional;

/**
 * Tells which requests a browser sends for another site's page, perhaps with a password that its
 * user once gave it (T-08).
 *
 * <p>A browser names the page behind a request in {@code Origin}, and on plain links, which carry
 * no origin, the relation in {@code Sec-Fetch-Site}. Programs send neither.
 */
public final class ForeignPage {
  private ForeignPage() {}

  /** The headers that show it, for the log; empty for a program and for a page of this origin. */
  public static Optional<String> shownBy(RequestHead head) {
    String host = folded(head.header("Host").orElse(""));
    boolean foreignOrigin =
        head.header("Origin").filter(origin -> !authorityOf(origin).equals(host)).isPresent();
    Optional<String> site = head.header("Sec-Fetch-Site").map(ForeignPage::folded);
    boolean foreignSite =
        site.filter(word -> !word.equals("same-origin") && !word.equals("none")).isPresent();
    return foreignOrigin || foreignSite
        ? Optional.of(
            "Origin: "
                + head.header("Origin").orElse("-")
                + ", Sec-Fetch-Site: "
                + site.orElse("-")
                + ", Host: "
                + host)
        : Optional.empty();
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
