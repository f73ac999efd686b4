package dstack.kms.core.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something may happen: so many times at once, and as many again spread evenly over the
 * period.
 *
 * @param count at least 1
 * @param per a second, a minute or an hour
 */
public record Rate(int count, Duration per) {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})/([smh])");

  /** {@code 600/m}; empty for {@code unlimited}. */
  static Optional<Rate> parse(Located found) {
    String text = ConfigText.string(found);
    if (text.equals("unlimited")) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw ConfigText.bad(
          "must be a rate such as \"100/s\", \"600/m\", \"5000/h\", or \"unlimited\"");
    }
    Duration per =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return Optional.of(new Rate(Integer.parseInt(matcher.group(1)), per));
  }

  /** As it is written. */
  public String text() {
    String unit = per.toSeconds() == 1 ? "s" : per.toMinutes() == 1 ? "m" : "h";
    return count + "/" + unit;
  }
}
