package dstack.kms.cli.manual;

import java.util.regex.Pattern;

/** Text in the man macros of roff; whatever it is given is shown as it is. */
final class Roff {
  private static final Pattern AT_START = Pattern.compile("(?m)^([.'])");

  private final StringBuilder text = new StringBuilder();

  /** A macro with arguments, each of which may have spaces. */
  Roff macro(String name, String... arguments) {
    text.append('.').append(name);
    for (String argument : arguments) {
      String plain = escaped(argument).replace("\"", "\\(dq");
      boolean quoted = plain.isEmpty() || plain.indexOf(' ') >= 0;
      text.append(quoted ? " \"" + plain + "\"" : " " + plain);
    }
    text.append('\n');
    return this;
  }

  /** A line of text. */
  Roff line(String plain) {
    text.append(AT_START.matcher(escaped(plain)).replaceAll("\\\\&$1")).append('\n');
    return this;
  }

  /** A line in bold. */
  Roff bold(String plain) {
    return line("\\fB", plain, "\\fR");
  }

  private Roff line(String before, String plain, String after) {
    text.append(before).append(escaped(plain)).append(after).append('\n');
    return this;
  }

  private static String escaped(String plain) {
    return plain.replace("\\", "\\e").replace("-", "\\-").replace("…", "...");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
