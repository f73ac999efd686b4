package dstack.kms.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** What no log line may hold: forms that only secrets have, and values that a test named. */
final class SecretPatterns {
  private static final List<Pattern> FORMS =
      List.of(
          form("-----BEGIN [A-Z ]*PRIVATE KEY-----"),
          form("[a-z][a-z0-9+.-]*://[^/?#\\s@]*[^/?#\\s@*][^/?#\\s@]*@"),
          form("[?&](?:token|key|password|secret)=[^&\\s]"),
          form("\\b(?:bearer|basic)\\s+[a-z0-9._~+/=-]{8,}"));

  private final Set<String> named = ConcurrentHashMap.newKeySet();

  private static Pattern form(String expression) {
    return Pattern.compile(expression, Pattern.CASE_INSENSITIVE);
  }

  void name(String secret) {
    if (secret.length() < 8) {
      throw new IllegalArgumentException("too short to be told from other text: " + secret);
    }
    named.add(secret.toLowerCase(Locale.ROOT));
  }

  /** What is wrong with the line, without repeating the secret. */
  Optional<String> violationIn(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    if (named.stream().anyMatch(lower::contains)) {
      return Optional.of("a secret that the test named");
    }
    return FORMS.stream()
        .filter(form -> form.matcher(line).find())
        .map(form -> "text of the form " + form)
        .findFirst();
  }
}
