package dstack.kms.cli.outcome;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Answers for programs: one JSON value on one line. */
public final class JsonText {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** As in {@link OneLine}; the mapper leaves those above ASCII as they are, and DEL. */
  private static final Pattern OBEYED = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private JsonText() {}

  /**
   * The value, for example a record, as JSON; members in their order of declaration. Whatever a
   * terminal obeys, and what is not seen, is escaped: a program reads the same string.
   */
  public static String of(Object value) {
    return OBEYED
        .matcher(JSON.writeValueAsString(value))
        .replaceAll(found -> escaped(found.group()));
  }

  private static String escaped(String character) {
    return character
        .chars()
        .mapToObj(unit -> String.format(Locale.ROOT, "\\\\u%04x", unit))
        .collect(Collectors.joining());
  }
}
