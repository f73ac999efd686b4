package dstack.kms.cli.fetch;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration given as a number with {@code ms}, {@code s} or {@code m}, from 1 ms to a day. */
final class Timeout implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,8})(ms|s|m)");
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public Duration convert(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new TypeConversionException("expected a duration such as 500ms, 60s or 2m");
    }
    long number = Long.parseLong(form.group(1));
    Duration duration =
        switch (form.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          default -> Duration.ofMinutes(number);
        };
    if (!duration.isPositive() || duration.compareTo(LONGEST) > 0) {
      throw new TypeConversionException("expected a duration of at most a day");
    }
    return duration;
  }
}
