package dstack.kms.cli.logging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * A log filter in the notation of {@code RUST_LOG}: directives joined by commas, each a level for
 * everything ({@code info}) or for one part ({@code dstack_kms::onboard=debug}).
 *
 * <p>{@code off} is a level. A part's name may be a Rust path, of which {@code dstack_kms} stands
 * for this whole program, or the name of a Java package. Directives that cannot be read (span
 * filters among them) are left out and listed, since a log filter must not stop a server.
 *
 * @param levels the level of each logger name, {@code ""} for all; empty for off
 * @param unread the directives that were left out
 */
record LogFilter(Map<String, Optional<Level>> levels, List<String> unread) {
  LogFilter {
    levels = Map.copyOf(levels);
    unread = List.copyOf(unread);
  }

  static LogFilter parse(String text) {
    Map<String, Optional<Level>> levels = new LinkedHashMap<>();
    List<String> unread = new ArrayList<>();
    for (String directive : text.split(",", -1)) {
      String trimmed = directive.strip();
      if (!trimmed.isEmpty() && !read(trimmed, levels)) {
        unread.add(trimmed);
      }
    }
    return new LogFilter(levels, unread);
  }

  private static boolean read(String directive, Map<String, Optional<Level>> levels) {
    int equals = directive.indexOf('=');
    if (equals < 0 && isLevel(directive)) {
      levels.put("", level(directive));
      return true;
    }
    String name = equals < 0 ? directive : directive.substring(0, equals).strip();
    String level = equals < 0 ? "trace" : directive.substring(equals + 1).strip();
    if (!name.matches("[A-Za-z0-9_.:$-]+") || !isLevel(level)) {
      return false;
    }
    levels.put(loggerName(name), level(level));
    return true;
  }

  private static String loggerName(String name) {
    String dotted = name.replace("::", ".");
    boolean whole = dotted.equals("dstack_kms") || dotted.startsWith("dstack_kms.");
    return whole ? "dstack.kms" + dotted.substring("dstack_kms".length()) : dotted;
  }

  private static boolean isLevel(String text) {
    return text.toLowerCase(Locale.ROOT).matches("off|error|warn|info|debug|trace");
  }

  private static Optional<Level> level(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    return name.equals("OFF") ? Optional.empty() : Optional.of(Level.valueOf(name));
  }
}
