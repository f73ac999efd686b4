package dstack.kms.onboard.setup;

import dstack.kms.core.refusal.RefusalException;
import dstack.kms.onboard.certificates.RpcDomain;
import dstack.kms.rpc.http.RequestHead;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Under which names this listener may be used: the defence against a foreign page whose name was
 * rebound to this machine's address, so that the browser takes both for one origin.
 *
 * <p>Addresses cannot be rebound, and neither can {@code localhost}. A request without a Host comes
 * from no browser.
 */
final class HostRule {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
  private static final Pattern PORT = Pattern.compile(":\\d*$");

  private final Set<String> listed;

  /**
   * @param listed the names of {@code core.onboard.hosts}; none for every name
   */
  HostRule(List<String> listed) {
    this.listed = listed.stream().map(HostRule::folded).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether the request came under a name that is not one of the listed ones, if any are. */
  boolean turnsAway(RequestHead head) {
    return !listed.isEmpty() && name(head).filter(name -> !listed.contains(name)).isPresent();
  }

  /**
   * Refuses a change that a browser asks for under a name which nobody has vouched for.
   *
   * @param domain that this set-up is for, as the request or an earlier one says
   */
  void checkChange(RequestHead head, Optional<RpcDomain> domain) {
    if (!listed.isEmpty() || !isFromBrowser(head)) {
      return;
    }
    Optional<String> asked = domain.map(known -> folded(known.text()));
    Optional<String> foreign = name(head).filter(name -> !asked.equals(Optional.of(name)));
    if (foreign.isPresent()) {
      throw new RefusalException(
          SetupRefusal.FOREIGN_HOST,
          "this page was opened under a name that is neither an address nor localhost nor the"
              + " domain of this set-up: open it by its address, or list the name in"
              + " core.onboard.hosts",
          "Host: " + foreign.get());
    }
  }

  /** Any of the headers that browsers send; scripts of a page cannot leave all of them out. */
  private static boolean isFromBrowser(RequestHead head) {
    return Stream.of("Origin", "Sec-Fetch-Site", "Referer")
            .anyMatch(name -> head.header(name).isPresent())
        || head.header("User-Agent").filter(agent -> agent.startsWith("Mozilla/")).isPresent();
  }

  /** The name in the request; empty for an address and for localhost. */
  private static Optional<String> name(RequestHead head) {
    return head.header("Host")
        .map(host -> PORT.matcher(folded(host)).replaceFirst(""))
        .filter(host -> !host.equals("localhost") && !ADDRESS.matcher(host).matches());
  }

  private static String folded(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
