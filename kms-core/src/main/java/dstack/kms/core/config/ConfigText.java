package dstack.kms.core.config;

import dstack.kms.core.bytes.Bytes;
import dstack.kms.core.refusal.RefusalException;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns values of the configuration into typed ones (specification 04 §8). */
final class ConfigText {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,19})([smhd])");
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,18}) ?(B|kB|KB|KiB|MB|MiB|GB|GiB)?");

  /** A hundred years: with more, adding it to a date could fail in the midst of a request. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private ConfigText() {}

  /** Says what is wrong with one value; becomes a refusal that names key, file and line. */
  static final class BadValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private BadValue(String text) {
      super(text, null, false, false);
    }
  }

  static BadValue bad(String text) {
    return new BadValue(text);
  }

  static String string(Located found) {
    if (found.value() instanceof String text) {
      return text;
    }
    throw bad("must be a text");
  }

  static List<String> strings(Located found) {
    if (found.value() instanceof List<?> items) {
      return items.stream()
          .map(item -> string(new Located(String.class.cast(textOf(item)), "", false)))
          .toList();
    }
    String text = string(found);
    return found.textual() ? Arrays.asList(text.split(",", -1)) : List.of(text);
  }

  private static String textOf(Object item) {
    if (item instanceof String text) {
      return text;
    }
    throw bad("must be a list of texts");
  }

  static boolean bool(Located found) {
    if (found.value() instanceof Boolean value) {
      return value;
    }
    if (found.textual() && "true".equals(found.value())) {
      return true;
    }
    if (found.textual() && "false".equals(found.value())) {
      return false;
    }
    throw bad("must be true or false");
  }

  static long integer(Located found) {
    if (found.value() instanceof Long value) {
      return value;
    }
    if (found.textual() && found.value() instanceof String text && text.matches("[0-9]{1,18}")) {
      return Long.parseLong(text);
    }
    throw bad("must be a whole number");
  }

  static long between(long value, long smallest, long largest) {
    if (value < smallest || value > largest) {
      throw bad("must be between " + smallest + " and " + largest);
    }
    return value;
  }

  static long size(Located found) {
    if (found.value() instanceof Long bytes) {
      return between(bytes, 0, Integer.MAX_VALUE);
    }
    Matcher matcher = SIZE.matcher(string(found));
    if (!matcher.matches()) {
      throw bad("must be a size such as \"1MiB\" or a number of bytes");
    }
    long unit =
        switch (matcher.group(2)) {
          case "kB", "KB" -> 1000L;
          case "KiB" -> 1024L;
          case "MB" -> 1_000_000L;
          case "MiB" -> 1L << 20;
          case "GB" -> 1_000_000_000L;
          case "GiB" -> 1L << 30;
          case null, default -> 1L;
        };
    long count = between(Long.parseLong(matcher.group(1)), 0, Integer.MAX_VALUE);
    return between(count * unit, 0, Integer.MAX_VALUE);
  }

  /** An integer and {@code s}, {@code m}, {@code h} or {@code d}; empty for {@code never}. */
  static Optional<Duration> duration(Located found) {
    String text = string(found);
    if (text.equals("never")) {
      return Optional.empty();
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw bad("must be a duration such as \"30s\", \"2m\", \"1h\", \"7d\", or \"never\"");
    }
    try {
      long count = Long.parseLong(matcher.group(1));
      long seconds = Math.multiplyExact(count, unit(matcher.group(2)));
      if (seconds > LONGEST.toSeconds()) {
        throw bad("is too long a duration");
      }
      return Optional.of(Duration.ofSeconds(seconds));
    } catch (ArithmeticException | NumberFormatException e) {
      throw bad("is too long a duration");
    }
  }

  /** A length of time that ends and that leaves time for something to happen. */
  static Duration deadline(Located found) {
    Duration duration = duration(found).orElseThrow(() -> bad("never ends"));
    if (duration.isZero()) {
      throw bad("must be at least 1s");
    }
    return duration;
  }

  private static long unit(String letter) {
    return switch (letter) {
      case "m" -> 60;
      case "h" -> 3600;
      case "d" -> 86_400;
      default -> 1;
    };
  }

  static String show(Duration duration) {
    return duration.toSeconds() + "s";
  }

  static Path path(Located found) {
    try {
      return Path.of(string(found));
    } catch (InvalidPathException e) {
      throw bad("must be a path");
    }
  }

  static Path absolute(Path path, Path otherwise) {
    if (!path.isAbsolute() && !(path.toString().isEmpty() && otherwise.toString().isEmpty())) {
      throw bad("must be a path that begins with /");
    }
    return path;
  }

  /** A path from a variable of the original, refused in its words (specification 13 §3). */
  static Path override(String variable, String text) {
    if (text.isEmpty()) {
      throw new RefusalException(ConfigRefusal.BAD_VALUE, "empty path override from " + variable);
    }
    if (!text.startsWith("/") || text.indexOf(0) >= 0) {
      throw new RefusalException(
          ConfigRefusal.BAD_VALUE, "path override from " + variable + " must be absolute: " + text);
    }
    return Path.of(text);
  }

  static Optional<Bytes> hex(String digits, int length) {
    if (digits.isEmpty()) {
      return Optional.empty();
    }
    if (!digits.matches("[0-9a-fA-F]*") || digits.length() != 2 * length) {
      throw bad("must be " + 2 * length + " hexadecimal digits");
    }
    return Optional.of(Bytes.fromHex(digits));
  }

  /** A contract's address of 20 bytes, with or without {@code 0x}; none for the empty text. */
  static Optional<Bytes> contract(String text) {
    String digits = text.strip();
    Optional<Bytes> address = hex(digits.startsWith("0x") ? digits.substring(2) : digits, 20);
    if (address.filter(Bytes::isAllZero).isPresent()) {
      throw bad("must be a contract's address, not zero");
    }
    return address;
  }

  /** A literal address; names are not looked up. */
  static InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw bad("must be an IP address");
    }
  }

  static <E extends Enum<E> & ConfigWord> E word(String text, Class<E> words) {
    for (E candidate : words.getEnumConstants()) {
      if (candidate.word().equals(text)) {
        return candidate;
      }
    }
    throw bad(
        "must be one of "
            + Arrays.stream(words.getEnumConstants())
                .map(ConfigWord::word)
                .collect(Collectors.joining(", ")));
  }
}
